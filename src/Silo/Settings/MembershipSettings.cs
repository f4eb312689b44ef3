namespace MaskRcnn.Silo.Settings;

/// <summary>How soon a dead silo is noticed, and a busy one spared: see docs/operations.md for what was measured.</summary>
public sealed record MembershipSettings
{
    /// <summary>How long another silo may take to answer a probe, and how often it is probed, seconds, 0.5 to 60; default 2.</summary>
    public double ProbeSeconds { get; init; } = 2;

    /// <summary>After how many probes without an answer it is declared dead, 1 to 20; default 3.</summary>
    public int MissedProbes { get; init; } = 3;

    /// <summary>How often the list of members is read again without a reason, seconds, 1 to 600; default 5.</summary>
    public double RefreshSeconds { get; init; } = 5;

    /// <summary>How often a silo looks whether it is still in Redis' list of members, seconds, 0.5 to 10: it ends itself after two looks in vain, the second at most a second after the first; default 2.</summary>
    public double OwnRowSeconds { get; init; } = 2;
}
