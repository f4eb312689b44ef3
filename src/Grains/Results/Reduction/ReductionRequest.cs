using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Generations;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Results.Reduction;

/// <summary>What to reduce.</summary>
internal sealed record ReductionRequest
{
    /// <summary>The store whose root is the job's folder, as its generation sees it.</summary>
    public required IBlobStore Store { get; init; }

    /// <summary>The job.</summary>
    public required JobDocument Job { get; init; }

    /// <summary>The commit records that count.</summary>
    public CommitRecords Commits { get => field ?? new CommitRecords(Store); init; }

    /// <summary>Which generation of the job is reduced, from 1.</summary>
    public int Generation { get; init; } = 1;

    /// <summary>Segments that generations before have listed.</summary>
    public int EarlierSegments { get; init; }

    /// <summary>How the job has ended, if it did before its work was done: then the result is of what is finished. Null: all of it must be.</summary>
    public JobState? EndedEarly { get; init; }

    /// <summary>Attempts that came to nothing, for <c>attempts.jsonl</c>.</summary>
    public IReadOnlyList<AttemptReport> FailedAttempts { get; init; } = [];

    /// <summary>Versions for the manifest beside those of this program and .NET, for instance <c>libtorch</c>.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; init; } = new Dictionary<string, string>();

    /// <summary>Told how far it is; called on the reducer's thread, at most once for each block of 1 MB.</summary>
    public Action<ReductionProgress>? Progress { get; init; }

    /// <summary>When the manifest says that the job was finished.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How many blobs are read or deleted at once: 2 keep a disk busy, more hide the latency of a service.</summary>
    public int Threads { get; init; } = 4;
}

/// <summary>How far a reduction is.</summary>
/// <param name="Bytes">Bytes of parts that have been read or composed.</param>
/// <param name="Total">Bytes of all parts.</param>
internal readonly record struct ReductionProgress(long Bytes, long Total);

/// <summary>What a reduction found.</summary>
/// <param name="Images">Images of the job.</param>
/// <param name="Done">Images with a result.</param>
/// <param name="Failed">Images that are errors.</param>
/// <param name="Detections">Detections in all.</param>
internal sealed record ReductionOutcome(long Images, long Done, long Failed, long Detections)
{
    /// <summary>The state that the job ends in.</summary>
    public Jobs.JobState State => Failed == 0 ? Jobs.JobState.Succeeded : Jobs.JobState.CompletedWithErrors;
}
