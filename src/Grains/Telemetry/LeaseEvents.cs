namespace MaskRcnn.Grains.Telemetry;

/// <summary>What may become of a lease, as its partition sees it.</summary>
internal static class LeaseEvents
{
    /// <summary>It was given to a worker.</summary>
    public const string Granted = "granted";

    /// <summary>Its worker lives.</summary>
    public const string Renewed = "renewed";

    /// <summary>A worker's call was refused: the lease is over.</summary>
    public const string Refused = "refused";

    /// <summary>Its shard has a commit record.</summary>
    public const string Completed = "completed";

    /// <summary>Its worker gave it back.</summary>
    public const string GivenBack = "given_back";

    /// <summary>Nothing was heard of its worker.</summary>
    public const string Expired = "expired";

    /// <summary>Its worker's silo died.</summary>
    public const string SiloDied = "silo_died";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Granted, Renewed, Refused, Completed, GivenBack, Expired, SiloDied];
}
