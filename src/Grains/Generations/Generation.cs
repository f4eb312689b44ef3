using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Generations;

/// <summary>Begins and opens later generations of a job.</summary>
internal static class Generation
{
    private const int PageSize = 1000;

    /// <summary>The newest generation of a job.</summary>
    /// <param name="folder">The job's folder.</param>
    /// <param name="cancellation">Stops it.</param>
    public static async Task<int> LatestAsync(IBlobStore folder, CancellationToken cancellation)
    {
        int latest = 1;
        while (await folder.FindAsync(JobLayout.Generation(latest + 1), cancellation) is not null) latest++;
        return latest;
    }

    /// <summary>Begins the generation after one that has ended; one that another caller has begun is what counts.</summary>
    /// <param name="job">The generation that has ended.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Its number.</returns>
    public static async Task<int> BeginAsync(JobContext job, DateTimeOffset now, CancellationToken cancellation)
    {
        bool isListed = await job.Store.FindAsync(JobLayout.Listing, cancellation) is not null;
        var document = new GenerationDocument(job.Generation + 1, now, await CountSegmentsAsync(job.Store, job.EarlierSegments, cancellation), isListed);
        await job.Folder.PutDocumentAsync(JobLayout.Generation(document.Generation), document, cancellation);
        return document.Generation;
    }

    /// <summary>Opens the generation after one that has ended.</summary>
    /// <exception cref="JobNotFoundException">There is none.</exception>
    public static async Task<JobContext> OpenNextAsync(JobContext before, CancellationToken cancellation)
    {
        int number = before.Generation + 1;
        GenerationDocument document = await before.Folder.FindDocumentAsync<GenerationDocument>(JobLayout.Generation(number), cancellation)
            ?? throw new JobNotFoundException(RunId.Of(before.Document.Job, number));
        var store = new GenerationStore(before.Folder, before.Store as GenerationStore, document);
        EndDocument? end = await before.Store.FindDocumentAsync<EndDocument>(JobLayout.End, cancellation);
        IReadOnlyCollection<string>? leaves = end?.State is JobState.Cancelled or JobState.Failed
            ? (await before.Store.FindDocumentAsync<FinishedDocument>(JobLayout.Finished, cancellation))?.Shards ?? []
            : null;
        return before with
        {
            Store = store,
            Folder = before.Folder,
            Generation = number,
            EarlierSegments = document.Segments,
            Commits = new CommitRecords(store, new EarlierCommits(before.Commits, leaves)),
        };
    }

    /// <summary>Segments that are listed.</summary>
    /// <param name="store">The generation's view of the job's folder.</param>
    /// <param name="earlier">Those that the generation before had.</param>
    /// <param name="cancellation">Stops it.</param>
    public static async Task<int> CountSegmentsAsync(IBlobStore store, int earlier, CancellationToken cancellation)
    {
        int segments = earlier;
        await foreach (BlobPage page in store.ListAsync(JobLayout.Segments, null, PageSize, cancellation)) segments += page.Blobs.Count;
        return segments;
    }
}
