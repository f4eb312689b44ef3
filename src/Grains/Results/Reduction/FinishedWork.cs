using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Generations;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Results.Reduction;

/// <summary>
/// What is finished of a job that ended before its work was done. Late workers may commit more while it is reduced, and the reduction may be
/// begun again: <c>finished.json</c> says once and for all which shards are in the result.
/// </summary>
internal static class FinishedWork
{
    /// <summary>The shards, and what is listed.</summary>
    /// <exception cref="ReductionException">The records do not fit the listing.</exception>
    public static (ListingDocument Listing, IReadOnlyList<Leaf> Leaves) Read(ReductionRequest request, LeafReader reader, CancellationToken cancellation)
    {
        IBlobStore store = request.Store;
        FinishedDocument known = Find<FinishedDocument>(store, JobLayout.Finished, cancellation) ?? Decide(request, reader, cancellation);
        (IReadOnlyList<Leaf> leaves, long images, int shards) = reader.ReadFinished(known.Segments);
        HashSet<string> included = [.. known.Shards];
        ListingDocument listing = Find<ListingDocument>(store, JobLayout.Listing, cancellation) ?? new ListingDocument { Segments = known.Segments, Shards = shards, Images = images, Bytes = 0 };
        return (listing, [.. leaves.Where(leaf => included.Contains(leaf.Shard))]);
    }

    /// <summary>Another reducer may have decided first.</summary>
    private static FinishedDocument Decide(ReductionRequest request, LeafReader reader, CancellationToken cancellation)
    {
        int segments = Generation.CountSegmentsAsync(request.Store, request.EarlierSegments, cancellation).GetAwaiter().GetResult();
        (IReadOnlyList<Leaf> leaves, _, _) = reader.ReadFinished(segments);
        return request.Store.PutDocumentAsync(JobLayout.Finished, new FinishedDocument(segments, [.. leaves.Select(leaf => leaf.Shard)]), cancellation).GetAwaiter().GetResult();
    }

    private static T? Find<T>(IBlobStore store, string name, CancellationToken cancellation) where T : class
    {
        try
        {
            return store.FindDocumentAsync<T>(name, cancellation).GetAwaiter().GetResult();
        }
        catch (DocumentException exception)
        {
            throw new ReductionException(exception.Message, exception);
        }
    }
}
