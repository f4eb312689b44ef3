namespace MaskRcnn.Storage;

/// <summary>How a write ended.</summary>
/// <param name="Outcome">How.</param>
/// <param name="ETag">The blob's version after <see cref="WriteOutcome.Written"/> and <see cref="WriteOutcome.AlreadyMine"/>; the other's, where known, after <see cref="WriteOutcome.Anothers"/>.</param>
public sealed record WriteResult(WriteOutcome Outcome, string? ETag)
{
    /// <summary>Whether the blob now holds what this attempt wrote.</summary>
    public bool IsMine => Outcome is WriteOutcome.Written or WriteOutcome.AlreadyMine;
}

/// <summary>How a conditional write ended.</summary>
public enum WriteOutcome
{
    /// <summary>It was written now.</summary>
    Written,

    /// <summary>An earlier try of the same attempt, whose answer was lost, had written it.</summary>
    AlreadyMine,

    /// <summary>The condition does not hold: another attempt's blob is there, or (if-match) the version is another or gone.</summary>
    Anothers,

    /// <summary>Nobody knows: the answer was lost and the store could not be asked. Ask again later.</summary>
    Unknown,
}
