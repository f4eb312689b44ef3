using System.Globalization;

namespace MaskRcnn.Grains.Jobs;

/// <summary>
/// When too many images have failed: judged against the listed total, when listing is done; before that against the finished images,
/// when these are enough to tell.
/// </summary>
public static class FailureRule
{
    /// <summary>How many images must be finished to judge while listing goes on.</summary>
    public const long EnoughImages = 1000;

    /// <summary>Judges.</summary>
    /// <param name="maxFailureRate">The part that may fail, 0 to 1; null: all.</param>
    /// <param name="counts">The job's images.</param>
    /// <param name="listingDone">Whether the total is final.</param>
    /// <returns>Why the job has failed, a sentence; null: it has not.</returns>
    public static string? Judge(double? maxFailureRate, ImageCounts counts, bool listingDone)
    {
        long finished = counts.Done + counts.Failed;
        if (maxFailureRate is not { } rate || (!listingDone && finished < EnoughImages)) return null;
        long of = listingDone ? counts.Total : finished;
        if (counts.Failed <= rate * of) return null;
        string what = listingDone ? "images" : "images that are finished so far";
        return string.Create(CultureInfo.InvariantCulture, $"{counts.Failed} of {of} {what} failed; at most {rate * 100:0.####} % may (--max-failure-rate {rate}).");
    }
}
