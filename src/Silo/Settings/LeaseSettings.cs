namespace MaskRcnn.Silo.Settings;

/// <summary>Leases of shards. The same for all silos of a cluster.</summary>
public sealed record LeaseSettings
{
    /// <summary>How long a lease lives without being renewed, seconds, at least 1; default 15.</summary>
    public double LiveSeconds { get; init; } = 15;

    /// <summary>How often it is renewed, seconds, at most half of <see cref="LiveSeconds"/>; default 5.</summary>
    public double RenewSeconds { get; init; } = 5;
}
