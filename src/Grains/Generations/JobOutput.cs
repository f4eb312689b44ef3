using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Results.Reduction;
using MaskRcnn.Storage;
using MaskRcnn.Storage.Local;

namespace MaskRcnn.Grains.Generations;

/// <summary>Everything that a job has written, and nothing else: of the results what their manifests name.</summary>
internal static class JobOutput
{
    private const int PageSize = 1000;
    private const int Threads = 4;
    private const int DeletesAhead = 64;

    private static readonly string[] Folders = [JobLayout.Parts, JobLayout.Commits, JobLayout.Segments, JobLayout.GroundTruths, JobLayout.Generations];

    private static readonly string[] Documents =
        [JobLayout.Listing, JobLayout.Start, JobLayout.Pause, JobLayout.Finished, JobLayout.End, JobLayout.PartsDeleted, JobLayout.Current];

    /// <summary>Deletes it. What was cut off is gone on with by calling it again: <c>job.json</c> goes last.</summary>
    /// <param name="folder">The job's folder.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <remarks>On the calling thread.</remarks>
    public static void Delete(IBlobStore folder, CancellationToken cancellation)
    {
        int latest = Generation.LatestAsync(folder, cancellation).GetAwaiter().GetResult();
        for (int generation = 1; generation <= latest; generation++)
        {
            string result = JobLayout.ResultFolder(generation), manifest = JobLayout.ManifestOf(generation);
            if (folder.FindDocumentAsync<ManifestDocument>(manifest, cancellation).GetAwaiter().GetResult() is not { } document) continue;
            Delete(folder, document.Files.Select(file => result + file.Name), cancellation);
            // As long as it is there, it says what else is.
            Delete(folder, [manifest], cancellation);
        }
        foreach (string prefix in Folders) Delete(folder, Names(folder, prefix, cancellation), cancellation);
        Delete(folder, Documents, cancellation);
        Delete(folder, [JobLayout.Job], cancellation);
        (folder as LocalBlobStore)?.RemoveEmptyFolders();
    }

    private static IEnumerable<string> Names(IBlobStore folder, string prefix, CancellationToken cancellation) =>
        folder.ListAsync(prefix, null, PageSize, cancellation).ToBlockingEnumerable(cancellation).SelectMany(page => page.Blobs).Select(blob => blob.Name);

    private static void Delete(IBlobStore folder, IEnumerable<string> names, CancellationToken cancellation)
    {
        using var work = new OrderedWork(Threads);
        IEnumerable<bool> deleted = work.Select(names, (name, token) =>
        {
            folder.DeleteAsync(name, null, token).GetAwaiter().GetResult();
            return true;
        }, DeletesAhead, cancellation);
        foreach (bool _ in deleted) cancellation.ThrowIfCancellationRequested();
    }
}
