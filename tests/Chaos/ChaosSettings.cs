using MaskRcnn.Silo.Settings;

namespace MaskRcnn.Chaos;

/// <summary>How large a run is.</summary>
internal sealed record ChaosSettings
{
    /// <summary>A run as it counts.</summary>
    public static ChaosSettings Full { get; } = new();

    /// <summary>
    /// One with the settings that silos have by themselves, where the next fault comes when the last is made up for: how long that takes is then
    /// the fault's own.
    /// </summary>
    public static ChaosSettings Shipped { get; } = new()
    {
        Adapt = settings => settings with { Leases = new LeaseSettings(), Membership = new MembershipSettings(), Drain = new DrainSettings() },
        Told = TimeSpan.FromSeconds(new LeaseSettings().RenewSeconds + 3),
        Images = 480,
        LeastFaults = 6,
        OneByOne = true,
        HasDeadly = false,
        LeastPause = 1,
        MostPause = 4,
        LeastStop = 4,
        MostStop = 16,
        MostRecoverySeconds = 30,
    };

    /// <summary>One that fits into every run of all tests.</summary>
    public static ChaosSettings Short { get; } = new() { Images = 200, MostFaults = 4, LeastFaults = 3, LeastSeconds = 0 };

    /// <summary>Images of the job.</summary>
    public int Images { get; init; } = 600;

    /// <summary>Images of a shard.</summary>
    public int ShardSize { get; init; } = 16;

    /// <summary>Milliseconds that the model takes for an image besides its own.</summary>
    public int Pace { get; init; } = 600;

    public int Workers { get; init; } = 3;

    /// <summary>Faults while the job is running; those of the reduction come on top.</summary>
    public int MostFaults { get; init; } = 12;

    /// <summary>How many faults must have hit.</summary>
    public int LeastFaults { get; init; } = 8;

    /// <summary>Whether an image kills every worker that looks at it. The time that takes is none of a fault's recovery.</summary>
    public bool HasDeadly { get; init; } = true;

    /// <summary>Whether the next fault waits until the last one is made up for.</summary>
    public bool OneByOne { get; init; }

    /// <summary>Seconds from a fault, or from its being made up for, to the next, at least and at most.</summary>
    public double LeastPause { get; init; } = 1.5;

    public double MostPause { get; init; } = 4;

    /// <summary>Seconds that a process is stopped, at least and at most: here longer than a lease lives, shorter than it takes to be declared dead.</summary>
    public double LeastStop { get; init; } = 8;

    public double MostStop { get; init; } = 8;

    /// <summary>How long a worker that lost its leases while it was stopped may go on: it renews every 2 s and is told then, and it finishes the images that are in the model.</summary>
    public TimeSpan Told { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a fault may take to be made up for.</summary>
    public double MostRecoverySeconds { get; init; } = 60;

    /// <summary>Settings of its silos. Here a lease runs out before the cluster declares a silent silo dead, so that there are workers that live on without their leases.</summary>
    public Func<SiloSettings, SiloSettings> Adapt { get; init; } = settings => settings with { Membership = settings.Membership with { ProbeSeconds = 3, MissedProbes = 3 } };

    /// <summary>How long a run that nothing disturbs must last.</summary>
    public int LeastSeconds { get; init; } = 60;
}
