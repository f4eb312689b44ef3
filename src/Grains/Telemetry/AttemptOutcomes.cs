namespace MaskRcnn.Grains.Telemetry;

/// <summary>How a worker's attempt at a shard ended.</summary>
internal static class AttemptOutcomes
{
    /// <summary>It is the shard's result.</summary>
    public const string Committed = "committed";

    /// <summary>Another attempt was first.</summary>
    public const string Anothers = "anothers";

    /// <summary>Nobody knows whether it was committed.</summary>
    public const string Unknown = "unknown";

    /// <summary>Its lease was over.</summary>
    public const string Lost = "lost";

    /// <summary>It was given back, as its worker leaves.</summary>
    public const string GivenBack = "given_back";

    /// <summary>It was given back for an error.</summary>
    public const string Failed = "failed";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Committed, Anothers, Unknown, Lost, GivenBack, Failed];
}
