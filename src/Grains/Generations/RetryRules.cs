using System.Globalization;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Results.Reduction;

namespace MaskRcnn.Grains.Generations;

/// <summary>When a job can be retried.</summary>
internal static class RetryRules
{
    /// <summary>Refuses what cannot be retried.</summary>
    /// <param name="status">How the job stands.</param>
    /// <param name="job">Its newest generation.</param>
    /// <param name="onlyFailed">Whether only images that failed are meant, and none to which the job did not come.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="JobStateException">It cannot be.</exception>
    public static async Task CheckAsync(JobStatus status, JobContext job, bool onlyFailed, CancellationToken cancellation)
    {
        if (Problem(status, onlyFailed) is { } problem) throw new JobStateException(status.Name, status.State, problem);
        if (await job.Folder.FindDocumentAsync<PartsDeletedDocument>(JobLayout.PartsDeleted, cancellation) is { } deleted)
            throw WithoutParts(string.Create(CultureInfo.InvariantCulture, $" on {deleted.Since.UtcDateTime:yyyy-MM-dd}"));
        if (await job.Store.FindDocumentAsync<ManifestDocument>(JobLayout.Manifest, cancellation) is { PartsKept: false }) throw WithoutParts("");

        JobStateException WithoutParts(string when) =>
            new(status.Name, status.State, $"its parts were deleted{when}, and without them the results that it has cannot be put together with new ones. Submit it again under another name; --keep-parts says how long parts stay");
    }

    private static string? Problem(JobStatus status, bool onlyFailed)
    {
        long left = status.Images.Left;
        if (!status.State.IsFinal()) return "it can be retried when it has ended";
        if (status.IsWritingResult) return "the result of what is finished is still being written. Try again when it is";
        if (status.ListingDone && left == 0 && status.Images.Failed == 0) return "every image has a result, so there is nothing to retry";
        if (onlyFailed && !status.ListingDone) return "not all of its images were listed. Leave out --failed, and the others are done, too";
        if (onlyFailed && left > 0) return string.Create(CultureInfo.InvariantCulture, $"{left} of its images were not processed. Leave out --failed, and they are, too");
        return null;
    }
}
