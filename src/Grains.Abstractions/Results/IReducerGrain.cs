using MaskRcnn.Grains.Partitions;

namespace MaskRcnn.Grains.Results;

/// <summary>Writes a job's result from its commit records, on a thread of its own. The key is the job's id.</summary>
[Alias("maskrcnn.reducer")]
public interface IReducerGrain : IGrainWithStringKey
{
    /// <summary>Begins, or begins again after a crash, if it is not at work; tells how far it is.</summary>
    /// <param name="failedAttempts">For the record: attempts that came to nothing.</param>
    [ResponseTimeout("00:00:10")]
    Task<ReductionStatus> Poll(IReadOnlyList<AttemptReport> failedAttempts);

    /// <summary>Stops: the job is cancelled.</summary>
    [ResponseTimeout("00:00:10")]
    Task Stop();
}

/// <summary>How far a reduction is.</summary>
/// <param name="Progress">Part that is done, 0 to 1.</param>
/// <param name="IsDone">Whether the manifest is written.</param>
/// <param name="Error">Why it stopped; the next poll tries again. Null while all is well.</param>
/// <param name="IsPermanent">Whether trying again is no use: the job's blobs are not as they were written.</param>
[GenerateSerializer, Immutable, Alias("maskrcnn.reduction-status")]
public sealed record ReductionStatus([property: Id(0)] double Progress, [property: Id(1)] bool IsDone, [property: Id(2)] string? Error, [property: Id(3)] bool IsPermanent = false);
