using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Grains.Partitions;

/// <summary>
/// At most 1 024 planned shards of a job: leases, attempts, suspicions. The key is <c>&lt;job&gt;/&lt;number&gt;</c>. Every call may be
/// repeated: a time-out is an unknown outcome.
/// </summary>
[Alias("maskrcnn.partition")]
public interface IPartitionGrain : IGrainWithStringKey
{
    /// <summary>Tells which segments hold the partition's shards, as far as they are listed; then how it stands.</summary>
    /// <param name="firstSegment">The segment of its first shard.</param>
    /// <param name="segments">How many segments, from that one on, are listed and hold shards of it.</param>
    [ResponseTimeout("00:00:10")]
    Task<PartitionStatus> Open(int firstSegment, int segments);

    /// <summary>Leases a shard to a worker, or null when none is waiting.</summary>
    /// <param name="worker">The worker's id, <c>&lt;silo&gt;/&lt;device&gt;</c>.</param>
    [ResponseTimeout("00:00:05")]
    Task<Lease?> TryLease(string worker);

    /// <summary>As the other, when fewer shards wait than there are workers: the shard is divided first, and a piece of it is leased.</summary>
    /// <param name="worker">The worker's id.</param>
    /// <param name="pieces">Into how many pieces, at most.</param>
    [ResponseTimeout("00:00:05")]
    Task<Lease?> TryLease(string worker, int pieces);

    /// <summary>Leases a shard that another worker has: one that it has for later, and has no more then, or one with which it is slow, of which the first commit record decides. Null: there is none.</summary>
    /// <param name="worker">The id of a worker that has nothing to do.</param>
    [ResponseTimeout("00:00:05")]
    Task<Lease?> TryLeaseAgain(string worker);

    /// <summary>As the other, for one of several workers that have nothing to do: one that another has for later, or whose worker was not heard of, is divided among them.</summary>
    /// <param name="worker">The id of a worker that has nothing to do.</param>
    /// <param name="idle">How many workers have nothing to do, this one among them.</param>
    [ResponseTimeout("00:00:05")]
    Task<Lease?> TryLeaseAgain(string worker, int idle);

    /// <summary>The worker is about to decode the shard's first image. False: the lease is over, drop the shard.</summary>
    [ResponseTimeout("00:00:05")]
    Task<bool> Begin(LeaseKey lease);

    /// <summary>The worker is alive and at work. False: the lease is over, drop the shard.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="imagesDone">Images of the shard that are finished.</param>
    [ResponseTimeout("00:00:05")]
    Task<bool> Renew(LeaseKey lease, int imagesDone);

    /// <summary>The shard has a commit record now, this worker's or another's; the partition reads it.</summary>
    [ResponseTimeout("00:00:05")]
    Task Complete(LeaseKey lease);

    /// <summary>The worker gives the shard back unfinished.</summary>
    /// <param name="lease">The lease.</param>
    /// <param name="reason">Why, for people; null for a drain.</param>
    [ResponseTimeout("00:00:05")]
    Task Release(LeaseKey lease, string? reason);

    /// <summary>A silo is dead: its leases end now.</summary>
    [ResponseTimeout("00:00:05")]
    Task SiloDied(string silo);

    /// <summary>Takes all leases away and gives no more: the job is cancelled or has failed.</summary>
    [ResponseTimeout("00:00:10")]
    Task Close();

    /// <summary>Leases and attempts, for people.</summary>
    [ResponseTimeout("00:00:05")]
    Task<PartitionDescription> Describe();
}

/// <summary>Which lease is meant.</summary>
/// <param name="Shard">The shard's id.</param>
/// <param name="Epoch">The lease's epoch.</param>
/// <param name="Token">The lease's token.</param>
[GenerateSerializer, Immutable, Alias("maskrcnn.lease-key")]
public readonly record struct LeaseKey([property: Id(0)] string Shard, [property: Id(1)] int Epoch, [property: Id(2)] Guid Token);

/// <summary>How a partition stands.</summary>
/// <param name="Counts">Its images.</param>
/// <param name="IsComplete">Whether every shard that it knows is committed.</param>
/// <param name="Segments">Segments that it has taken in.</param>
/// <param name="HasWaiting">Whether a shard waits for a worker.</param>
[GenerateSerializer, Immutable, Alias("maskrcnn.partition-status")]
public sealed record PartitionStatus([property: Id(0)] ImageCounts Counts, [property: Id(1)] bool IsComplete, [property: Id(2)] int Segments, [property: Id(3)] bool HasWaiting)
{
    /// <summary>Whether a shard would be given a second time, as its worker is slow.</summary>
    [Id(4)] public bool HasStraggler { get; init; }

    /// <summary>Shards that wait for a worker.</summary>
    [Id(5)] public long Waiting { get; init; }

    /// <summary>Shards that a worker has.</summary>
    [Id(6)] public long Leased { get; init; }

    /// <summary>What devices were held for, by kind.</summary>
    [Id(7)] public IReadOnlyList<DeviceTime> DeviceTime { get => field ?? []; init; }
}

/// <summary>A partition, for people.</summary>
/// <param name="Shards">Shards by <c>committed</c>, <c>split</c>, <c>leased</c>, <c>waiting</c>.</param>
/// <param name="Leases">Leases that are held.</param>
/// <param name="FailedAttempts">Attempts that came to nothing.</param>
/// <param name="Threads">With how many threads its committed shards were computed, ascending.</param>
[GenerateSerializer, Immutable, Alias("maskrcnn.partition-description")]
public sealed record PartitionDescription(
    [property: Id(0)] IReadOnlyDictionary<string, long> Shards, [property: Id(1)] IReadOnlyList<LeaseReport> Leases, [property: Id(2)] IReadOnlyList<AttemptReport> FailedAttempts,
    [property: Id(3)] IReadOnlyList<int> Threads);
