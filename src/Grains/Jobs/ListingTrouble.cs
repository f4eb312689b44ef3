namespace MaskRcnn.Grains.Jobs;

/// <summary>Since when a listing fails.</summary>
/// <param name="Since">Time stamp of the first failure.</param>
internal sealed record ListingTrouble(long Since)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    public string Error { get; init; } = "";

    /// <summary>Whether it has failed for so long that it will not be well.</summary>
    public bool IsTooLong(TimeProvider time) => time.GetElapsedTime(Since) > Longest;
}
