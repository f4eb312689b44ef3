namespace MaskRcnn.Grains.Dispatch;

/// <summary>What there is to do of a job.</summary>
/// <param name="Job">The job.</param>
/// <param name="Priority">Higher goes first.</param>
/// <param name="Created">Of jobs that are owed the same the earlier goes first.</param>
/// <param name="Partitions">Partitions with shards that wait for a worker; empty when there is none, or none shall be given.</param>
/// <remarks>A silo of an earlier version does not send the later members, and what is read then runs no initialisers: they say here what they are without.</remarks>
[GenerateSerializer, Immutable, Alias("maskrcnn.job-work")]
public sealed record JobWork([property: Id(0)] string Job, [property: Id(1)] int Priority, [property: Id(2)] DateTimeOffset Created, [property: Id(3)] IReadOnlyList<int> Partitions)
{
    /// <summary>The pool of workers for a job, or a worker, that names none.</summary>
    public const string DefaultPool = "default";

    /// <summary>Its part of the devices, against those of other jobs; above 0.</summary>
    [Id(4)] public double Weight { get => field == 0 ? 1 : field; init; }

    /// <summary>On whose account, or null.</summary>
    [Id(5)] public string? Tenant { get; init; }

    /// <summary>SHA-256 of its model: a worker does not change it for nothing.</summary>
    [Id(6)] public string Model { get => field ?? ""; init; }

    /// <summary>Which workers may work on it.</summary>
    [Id(7)] public string Pool { get => field ?? DefaultPool; init; }

    /// <summary>Partitions that would give a shard a second time, as its worker is slow.</summary>
    [Id(8)] public IReadOnlyList<int> Stragglers { get => field ?? []; init; }

    /// <summary>How much there is to do, for the number of workers; null: nothing, as it is paused or at its end.</summary>
    [Id(9)] public JobDemand? Demand { get; init; }

    /// <summary>Whether it has ended.</summary>
    [Id(10)] public bool HasEnded { get; init; }

    /// <summary>Whether there is nothing to be known of it any more.</summary>
    public bool IsOver => Partitions.Count == 0 && Stragglers.Count == 0 && Demand is null;
}

/// <summary>How much there is to do of a job.</summary>
/// <param name="OpenShards">Shards that are not committed.</param>
/// <param name="WaitingShards">Of these, those that no worker has.</param>
/// <param name="DeviceSecondsLeft">Device-seconds that they will take at the pace so far; null: nothing is committed yet.</param>
/// <param name="Deadline">When it should be done; null: it has not started.</param>
/// <param name="MaxWorkers">Most workers that it wants; null: the cluster's setting.</param>
[GenerateSerializer, Immutable, Alias("maskrcnn.job-demand")]
public sealed record JobDemand(
    [property: Id(0)] long OpenShards, [property: Id(1)] long WaitingShards, [property: Id(2)] double? DeviceSecondsLeft, [property: Id(3)] DateTimeOffset? Deadline, [property: Id(4)] int? MaxWorkers)
{
    /// <summary>Whether all its images are listed; until then there will be more to do.</summary>
    [Id(5)] public bool ListingDone { get; init; }
}
