using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Grains.Partitions;

/// <summary>A <see cref="PartitionTable"/> as it is stored. A cache: what it lacks is found in the store.</summary>
[GenerateSerializer, Immutable, Alias("maskrcnn.partition-state")]
public sealed record PartitionState
{
    /// <summary>The job's id.</summary>
    [Id(0)] public required string Job { get; init; }

    /// <summary>The job's folder.</summary>
    [Id(1)] public required string Output { get; init; }

    /// <summary>Number of the partition.</summary>
    [Id(2)] public required int Partition { get; init; }

    /// <summary>All shards, parents before their children.</summary>
    [Id(3)] public required IReadOnlyList<ShardSnapshot> Shards { get; init; }

    /// <summary>Attempts that came to nothing, newest first.</summary>
    [Id(4)] public IReadOnlyList<AttemptReport> FailedAttempts { get; init; } = [];

    /// <summary>With how many threads the committed shards were computed, ascending.</summary>
    [Id(5)] public IReadOnlyList<int> Threads { get; init; } = [];

    /// <summary>What devices were held for, by kind.</summary>
    [Id(6)] public IReadOnlyList<DeviceTime> DeviceTime { get => field ?? []; init; }

    /// <summary>The images for which the time is known that they took.</summary>
    [Id(7)] public long TimedImages { get; init; }
}

/// <summary>A shard as it is stored.</summary>
[GenerateSerializer, Immutable, Alias("maskrcnn.shard-snapshot")]
public sealed record ShardSnapshot
{
    /// <summary>Its images.</summary>
    [Id(0)] public required ShardRange Range { get; init; }

    /// <summary>What has become of it.</summary>
    [Id(1)] public required ShardStatus Status { get; init; }

    /// <summary>How often it was leased.</summary>
    [Id(2)] public int Epoch { get; init; }

    /// <summary>How often its worker died after it had begun.</summary>
    [Id(3)] public int Suspicions { get; init; }

    /// <summary>How often of these it was alone in flight.</summary>
    [Id(4)] public int AloneDeaths { get; init; }

    /// <summary>Images with a result, when it is committed.</summary>
    [Id(5)] public int Done { get; init; }

    /// <summary>Images that are errors, when it is committed.</summary>
    [Id(6)] public int Failed { get; init; }

    /// <summary>The attempt of the record that the partition is putting, while it is held.</summary>
    [Id(7)] public string? Decision { get; init; }

    /// <summary>Its lease, while it is leased.</summary>
    [Id(8)] public LeaseSnapshot? Lease { get; init; }
}

/// <summary>A lease as it is stored.</summary>
[GenerateSerializer, Immutable, Alias("maskrcnn.lease-snapshot")]
public sealed record LeaseSnapshot
{
    /// <summary>Who holds it.</summary>
    [Id(0)] public required string Worker { get; init; }

    /// <summary>Its token.</summary>
    [Id(1)] public required Guid Token { get; init; }

    /// <summary>Its attempt.</summary>
    [Id(2)] public required string Attempt { get; init; }

    /// <summary>Whether its worker must do nothing beside it.</summary>
    [Id(3)] public bool Alone { get; init; }

    /// <summary>Whether the first image was begun.</summary>
    [Id(4)] public bool Begun { get; init; }

    /// <summary>When it was given.</summary>
    [Id(5)] public required DateTimeOffset Since { get; init; }

    /// <summary>The last sign of life.</summary>
    [Id(6)] public required DateTimeOffset LastRenewal { get; init; }

    /// <summary>Images done, as its worker said.</summary>
    [Id(7)] public int ImagesDone { get; init; }

    /// <summary>How often the shard had been leased then; 0: as often as now.</summary>
    [Id(8)] public int Epoch { get; init; }

    /// <summary>When its first image was begun, or null.</summary>
    [Id(9)] public DateTimeOffset? BegunAt { get; init; }
}

/// <summary>What has become of a shard.</summary>
[GenerateSerializer, Alias("maskrcnn.shard-status")]
public enum ShardStatus
{
    /// <summary>It may be leased.</summary>
    Waiting,

    /// <summary>A worker has it.</summary>
    Leased,

    /// <summary>The partition is putting a record for it.</summary>
    Held,

    /// <summary>Its result is in the store.</summary>
    Committed,

    /// <summary>Its children stand for it.</summary>
    Split,
}
