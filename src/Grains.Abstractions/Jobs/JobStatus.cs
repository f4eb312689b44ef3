namespace MaskRcnn.Grains.Jobs;

/// <summary>A job as its user follows it.</summary>
/// <remarks>What a silo of an earlier version does not send is what its member says.</remarks>
[GenerateSerializer, Immutable, Alias("maskrcnn.job-status")]
public sealed record JobStatus
{
    /// <summary>The job's id.</summary>
    [Id(0)] public required string Job { get; init; }

    /// <summary>The job's name.</summary>
    [Id(1)] public required string Name { get; init; }

    /// <summary>Where it stands.</summary>
    [Id(2)] public required JobState State { get; init; }

    /// <summary>Images; done never falls.</summary>
    [Id(3)] public required ImageCounts Images { get; init; }

    /// <summary>Whether <see cref="ImageCounts.Total"/> is final.</summary>
    [Id(4)] public required bool ListingDone { get; init; }

    /// <summary>Images finished a second over the last minute; 0 before the first.</summary>
    [Id(5)] public double ImagesPerSecond { get; init; }

    /// <summary>Seconds left at that speed; null while it cannot be told.</summary>
    [Id(6)] public double? EtaSeconds { get; init; }

    /// <summary>Evaluation of what is committed so far by IoU type (<c>bbox</c>, <c>segm</c>): AP; empty without ground truth.</summary>
    [Id(7)] public IReadOnlyDictionary<string, double> AveragePrecision { get; init; } = new Dictionary<string, double>();

    /// <summary>Why it is as it is: how it failed, or what it waits for; null when there is nothing to say.</summary>
    [Id(8)] public string? Reason { get; init; }

    /// <summary>When it was submitted.</summary>
    [Id(9)] public required DateTimeOffset Created { get; init; }

    /// <summary>When it ended, or null.</summary>
    [Id(10)] public DateTimeOffset? Finished { get; init; }

    /// <summary>The folder of everything the job writes, without its SAS.</summary>
    [Id(11)] public required string Output { get; init; }

    /// <summary>Its priority.</summary>
    [Id(12)] public int Priority { get; init; }

    /// <summary>When this was found out.</summary>
    [Id(13)] public required DateTimeOffset Updated { get; init; }

    /// <summary>What devices were held for, by kind; of shards that are committed, and of attempts that came to nothing.</summary>
    [Id(14)] public IReadOnlyList<DeviceTime> DeviceTime { get => field ?? []; init; }

    /// <summary>When it should be done; null: it has not started.</summary>
    [Id(15)] public DateTimeOffset? Deadline { get; init; }

    /// <summary>Whether it has ended early, and the result of what is finished is still being written.</summary>
    [Id(16)] public bool IsWritingResult { get; init; }

    /// <summary>How often it was begun, from 1: each retry is a new generation.</summary>
    [Id(17)] public int Generation { get => field == 0 ? 1 : field; init; }
}
