namespace MaskRcnn.Grains.Partitions;

/// <summary>The right to work on a shard, for a while.</summary>
[GenerateSerializer, Immutable, Alias("maskrcnn.lease")]
public sealed record Lease
{
    /// <summary>The job's id.</summary>
    [Id(0)] public required string Job { get; init; }

    /// <summary>The job's folder.</summary>
    [Id(1)] public required string Output { get; init; }

    /// <summary>Which of the job's partitions gave it.</summary>
    [Id(2)] public required int Partition { get; init; }

    /// <summary>What to work on.</summary>
    [Id(3)] public required ShardRange Shard { get; init; }

    /// <summary>How often the shard has been leased, from 1.</summary>
    [Id(4)] public required int Epoch { get; init; }

    /// <summary>Random; compared for equality.</summary>
    [Id(5)] public required Guid Token { get; init; }

    /// <summary>Names the attempt's parts.</summary>
    [Id(6)] public required string Attempt { get; init; }

    /// <summary>How long it lives without being renewed.</summary>
    [Id(7)] public required TimeSpan TimeToLive { get; init; }

    /// <summary>Whether the worker must finish everything else first, and do nothing beside it.</summary>
    [Id(8)] public bool Alone { get; init; }
}

/// <summary>A run of consecutive images of one segment.</summary>
/// <param name="Id">Its id: <c>00000123</c>, children <c>00000123.0</c> and so on.</param>
/// <param name="Segment">The segment that names its images.</param>
/// <param name="First">Ordinal of the first image in the job.</param>
/// <param name="Count">Images, at least 1.</param>
[GenerateSerializer, Immutable, Alias("maskrcnn.shard-range")]
public sealed record ShardRange([property: Id(0)] string Id, [property: Id(1)] int Segment, [property: Id(2)] long First, [property: Id(3)] int Count)
{
    /// <summary>Number of the planned shard that this is or descends from.</summary>
    public int Planned => int.Parse(Id.AsSpan(0, Id.IndexOf('.') is var dot and >= 0 ? dot : Id.Length), System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A lease that is held, for people.</summary>
[GenerateSerializer, Immutable, Alias("maskrcnn.lease-report")]
public sealed record LeaseReport(
    [property: Id(0)] string Shard, [property: Id(1)] int Images, [property: Id(2)] string Worker, [property: Id(3)] int Epoch, [property: Id(4)] bool Begun,
    [property: Id(5)] DateTimeOffset Since, [property: Id(6)] DateTimeOffset LastRenewal, [property: Id(7)] int ImagesDone, [property: Id(8)] int Suspicions);

/// <summary>An attempt that came to nothing, for people.</summary>
[GenerateSerializer, Immutable, Alias("maskrcnn.attempt-report")]
public sealed record AttemptReport(
    [property: Id(0)] string Shard, [property: Id(1)] string Attempt, [property: Id(2)] string Worker, [property: Id(3)] DateTimeOffset Since,
    [property: Id(4)] DateTimeOffset Ended, [property: Id(5)] string How, [property: Id(6)] bool Suspicion);
