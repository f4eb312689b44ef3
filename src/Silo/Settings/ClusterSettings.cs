using MaskRcnn.Grains;

namespace MaskRcnn.Silo.Settings;

/// <summary>Which cluster a silo is a member of.</summary>
public sealed record ClusterSettings
{
    /// <summary>Value of <see cref="Clustering"/>: the primary silo keeps the list of members in its memory.</summary>
    public const string Development = "development";

    /// <summary>Value of <see cref="Clustering"/>: the list of members, and grain state, are in Redis.</summary>
    public const string Redis = "redis";

    /// <summary>The cluster's id: clusters of different ids can share a Redis, and their silos and clients refuse each other; default <c>maskrcnn</c>.</summary>
    public string Id { get; init; } = ClusterConstants.ClusterId;

    /// <summary><c>development</c> (default) or <c>redis</c>.</summary>
    public string Clustering { get; init; } = Development;

    /// <summary>With <c>development</c>: host:port of the silo that keeps the list of members; default this one.</summary>
    public string? Primary { get; init; }

    /// <summary>What the silo is called in logs and in the list of members, such as the name of its pod; default a name of Orleans'.</summary>
    public string? SiloName { get; init; }

    /// <summary>How long a silo waits at its start for Redis and storage, seconds, 0 to 3600; default 60.</summary>
    public double StartSeconds { get; init; } = 60;

    /// <summary>Whether the cluster is in Redis.</summary>
    internal bool IsInRedis => Clustering == Redis;
}
