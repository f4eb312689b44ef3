namespace MaskRcnn.Storage.Faults;

/// <summary>What goes wrong with one operation of a <see cref="FaultyBlobStore"/>.</summary>
public enum FaultKind
{
    /// <summary>Not done, and its caller does not learn it: a write is <see cref="WriteOutcome.Unknown"/>, others fail.</summary>
    RequestLost,

    /// <summary>Done, but its caller does not learn it: a write is <see cref="WriteOutcome.Unknown"/>, others fail.</summary>
    AnswerLost,

    /// <summary>Done; the answer was lost and the store's own retry met its own write: <see cref="WriteOutcome.AlreadyMine"/>. Others succeed.</summary>
    AnswerLostThenFound,

    /// <summary>Not done, as with 409 or 412: a write is <see cref="WriteOutcome.Anothers"/>, others throw <see cref="BlobChangedException"/>.</summary>
    Refused,

    /// <summary>Not done, as with 500: <see cref="BlobException"/>.</summary>
    Failed,

    /// <summary>Done, and then <see cref="BlobException"/>.</summary>
    FailedAfter,

    /// <summary>A write leaves only its first half and fails, as no good store does; a read gets only the first half.</summary>
    Torn,

    /// <summary>Done once <see cref="Fault.Gate"/> has ended.</summary>
    Slow,
}

/// <summary>One thing that goes wrong.</summary>
/// <param name="Kind">What.</param>
/// <param name="Gate">For <see cref="FaultKind.Slow"/>: what to wait for.</param>
public sealed record Fault(FaultKind Kind, Task? Gate = null);
