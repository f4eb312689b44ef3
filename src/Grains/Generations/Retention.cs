using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Results.Reduction;
using MaskRcnn.Storage;
using MaskRcnn.Storage.Local;

namespace MaskRcnn.Grains.Generations;

/// <summary>
/// Tidies up after a job that has ended: its parts go when nobody will retry it any more. For one grain's turns, as a retry needs the parts:
/// once it is written down that they are deleted, there is none.
/// </summary>
/// <param name="options">How long the job itself is known.</param>
/// <param name="time">The clock.</param>
internal sealed class Retention(RetentionOptions options, TimeProvider time)
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);

    /// <summary>A result that is not written by then is never written.</summary>
    private static readonly TimeSpan LongestReduction = TimeSpan.FromDays(1);

    private const int Threads = 4;

    private BackgroundThread? _deletion;

    /// <summary>Does what is due.</summary>
    /// <param name="job">The job's newest generation.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="IOException">The store failed; it can be done again.</exception>
    public async Task<TidyReport> TidyAsync(JobContext job, CancellationToken cancellation)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (await job.Store.FindDocumentAsync<EndDocument>(JobLayout.End, cancellation) is not { } end) return new TidyReport(now + Soon, false);
        ManifestDocument? manifest = await job.Store.FindDocumentAsync<ManifestDocument>(JobLayout.Manifest, cancellation);
        if (manifest is null && end.Images.Done + end.Images.Failed > 0 && now < end.Finished + LongestReduction) return new TidyReport(now + Soon, false);
        DateTimeOffset forget = end.Finished + options.State;
        if (manifest is not { PartsKept: false } && job.Document.Specification.PartsKept is { } kept)
        {
            if (now < end.Finished + kept) return new TidyReport(end.Finished + kept, false);
            if (!await DeletePartsAsync(job, now, cancellation)) return new TidyReport(now + Soon, false);
        }
        return new TidyReport(forget, now >= forget);
    }

    /// <summary>Stops deleting; it is gone on with later.</summary>
    public void Stop() => _deletion?.Stop();

    /// <returns>Whether all are deleted.</returns>
    private async Task<bool> DeletePartsAsync(JobContext job, DateTimeOffset now, CancellationToken cancellation)
    {
        if (_deletion is { End.IsCompleted: false }) return false;
        await job.Folder.PutDocumentAsync(JobLayout.PartsDeleted, new PartsDeletedDocument(now), cancellation);
        bool any = false;
        await foreach (BlobPage _ in job.Folder.ListAsync(JobLayout.Parts, null, 1, cancellation))
        {
            any = true;
            break;
        }
        if (any) _deletion = new BackgroundThread("parts' deletion", stop => Delete(job.Folder, stop));
        return !any;
    }

    private static void Delete(IBlobStore folder, CancellationToken stop)
    {
        using var work = new OrderedWork(Threads);
        new PartCleaner(folder, work, stop).DeleteAll();
        (folder as LocalBlobStore)?.RemoveEmptyFolders();
    }
}
