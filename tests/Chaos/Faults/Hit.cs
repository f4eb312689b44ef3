using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Chaos.Faults;

/// <summary>A fault that was done.</summary>
/// <param name="Kind">What.</param>
/// <param name="Victim">Whose process, or null.</param>
/// <param name="State">In which state the job was.</param>
/// <param name="At">When it began.</param>
/// <param name="Held">Shards that the victim had leased.</param>
internal sealed record Hit(FaultKind Kind, string? Victim, JobState State, DateTimeOffset At, IReadOnlyList<string> Held)
{
    /// <summary>When it was over, as far as it was the fault's own doing.</summary>
    public DateTimeOffset Until { get; set; } = At;

    /// <summary>Whether it is over so.</summary>
    public bool IsOver { get; set; }

    public bool IsOnRedis => Kind is FaultKind.LoseRedis or FaultKind.RestartRedis;

    public bool IsOnCoordinator => Kind is FaultKind.KillCoordinator or FaultKind.StopCoordinator or FaultKind.DrainCoordinator;

    public bool IsOnWorker => Kind is FaultKind.KillWorker or FaultKind.StopWorker or FaultKind.DrainWorker;
}
