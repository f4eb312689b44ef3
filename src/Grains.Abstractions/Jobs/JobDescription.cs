using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Workers;

namespace MaskRcnn.Grains.Jobs;

/// <summary>Everything that answers "why is it stuck?".</summary>
[GenerateSerializer, Immutable, Alias("maskrcnn.job-description")]
public sealed record JobDescription
{
    /// <summary>The status.</summary>
    [Id(0)] public required JobStatus Status { get; init; }

    /// <summary>What was asked for, without the SAS of its URIs.</summary>
    [Id(1)] public required JobSpecification Specification { get; init; }

    /// <summary>Shards by what has become of them: <c>committed</c>, <c>split</c>, <c>leased</c>, <c>waiting</c>.</summary>
    [Id(2)] public required IReadOnlyDictionary<string, long> Shards { get; init; }

    /// <summary>Leases that are held now, oldest first, at most 100.</summary>
    [Id(3)] public required IReadOnlyList<LeaseReport> Leases { get; init; }

    /// <summary>Attempts that came to nothing, newest first, at most 100.</summary>
    [Id(4)] public required IReadOnlyList<AttemptReport> FailedAttempts { get; init; }

    /// <summary>The cluster's workers.</summary>
    [Id(5)] public required IReadOnlyList<WorkerReport> Workers { get; init; }

    /// <summary>With how many threads the shards were computed that are committed, ascending: one number, unless workers differ. <c>predict --threads</c> repeats it.</summary>
    [Id(6)] public IReadOnlyList<int> Threads { get; init; } = [];
}
