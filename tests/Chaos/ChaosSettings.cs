namespace MaskRcnn.Chaos;

/// <summary>How large a run is.</summary>
internal sealed record ChaosSettings
{
    /// <summary>A run as it counts.</summary>
    public static ChaosSettings Full { get; } = new();

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

    /// <summary>How long a run that nothing disturbs must last.</summary>
    public int LeastSeconds { get; init; } = 60;
}
