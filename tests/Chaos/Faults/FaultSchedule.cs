namespace MaskRcnn.Chaos.Faults;

/// <summary>Which faults come when, by a seed alone.</summary>
internal sealed class FaultSchedule
{
    private static readonly FaultKind[] Always =
    [
        FaultKind.KillWorker, FaultKind.KillWorker, FaultKind.KillCoordinator, FaultKind.KillCoordinator, FaultKind.StopWorker, FaultKind.StopWorker,
        FaultKind.StopCoordinator, FaultKind.DrainWorker, FaultKind.DrainCoordinator, FaultKind.RestartRedis, FaultKind.LoseRedis,
    ];

    private FaultSchedule(int seed, IReadOnlyList<FaultKind> running, FaultKind reducing) => (Seed, Running, Reducing) = (seed, running, reducing);

    public int Seed { get; }

    /// <summary>Those while the job is running, in their order.</summary>
    public IReadOnlyList<FaultKind> Running { get; }

    /// <summary>The one while it is reducing.</summary>
    public FaultKind Reducing { get; }

    /// <summary>A schedule.</summary>
    /// <param name="seed">Which.</param>
    /// <param name="most">Most faults while the job is running.</param>
    /// <param name="canDisturb">Whether storage can give errors.</param>
    /// <param name="canTakeAway">Whether storage can be away.</param>
    public static FaultSchedule Of(int seed, int most, bool canDisturb, bool canTakeAway)
    {
        Random random = new(seed);
        FaultKind[] storage = [.. canTakeAway ? [FaultKind.StorageAway] : Array.Empty<FaultKind>(), .. canDisturb ? [FaultKind.StorageErrors] : Array.Empty<FaultKind>()];
        FaultKind[] running = [.. Always, .. storage];
        random.Shuffle(running);
        FaultKind[] reducing = [FaultKind.KillCoordinator, FaultKind.DrainCoordinator, FaultKind.RestartRedis, FaultKind.LoseRedis, .. storage];
        return new FaultSchedule(seed, running[..Math.Min(most, running.Length)], reducing[random.Next(reducing.Length)]);
    }

    /// <summary>A run without faults.</summary>
    public static FaultSchedule None { get; } = new(0, [], FaultKind.KillWorker);
}
