using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Generations;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Results.Reduction;

/// <summary>Reads the commit records, and checks that they hold every image of the listing exactly once.</summary>
internal sealed class LeafReader(IBlobStore store, CommitRecords commits, OrderedWork work, CancellationToken cancellation)
{
    private const int RecordsAhead = 64;

    /// <summary>All shards that were not split, in the order of their images.</summary>
    /// <exception cref="ReductionException">A record is missing, or the records do not fit the listing.</exception>
    public IReadOnlyList<Leaf> Read(ListingDocument listing)
    {
        var leaves = new List<Leaf>(listing.Shards);
        foreach ((Range planned, CommitRecord record) in work.Select(Planned(listing), (range, token) => (range, ReadRecord(range.Shard, token)), RecordsAhead, cancellation))
            Add(planned, record, leaves, isWhole: true);
        return leaves;
    }

    /// <summary>Those shards that were committed, of a job whose work was not done: in the order of their images, with gaps.</summary>
    /// <param name="segments">So many segments are listed.</param>
    /// <returns>They, and how many images and planned shards the segments hold.</returns>
    /// <exception cref="ReductionException">The records do not fit the listing.</exception>
    public (IReadOnlyList<Leaf> Leaves, long Images, int Shards) ReadFinished(int segments)
    {
        var leaves = new List<Leaf>();
        long images = 0;
        int shards = 0;
        foreach ((Range planned, CommitRecord? record) in work.Select(Planned(segments), (range, token) => (range, FindRecord(range.Shard, token)), RecordsAhead, cancellation))
        {
            if (record is not null) Add(planned, record, leaves, isWhole: false);
            (images, shards) = (planned.First + planned.Count, shards + 1);
        }
        return (leaves, images, shards);
    }

    /// <summary>A document of the job, such as <c>listing.json</c>.</summary>
    /// <exception cref="ReductionException">There is none.</exception>
    public T Document<T>(string name, string why, CancellationToken token) where T : class => Document(store.ReadDocumentAsync<T>(name, token), why);

    private static T Document<T>(Task<T> read, string why)
    {
        try
        {
            return read.GetAwaiter().GetResult();
        }
        catch (BlobNotFoundException exception)
        {
            throw new ReductionException($"{exception.Message} {why}", exception);
        }
        catch (DocumentException exception)
        {
            throw new ReductionException(exception.Message, exception);
        }
    }

    private CommitRecord ReadRecord(string shard, CancellationToken token) =>
        FindRecord(shard, token)
        ?? throw new ReductionException($"{new BlobNotFoundException(store.Location, JobLayout.Commit(shard)).Message} Shard {shard} has no result; expected that every shard is committed before the job is reduced.");

    private CommitRecord? FindRecord(string shard, CancellationToken token)
    {
        try
        {
            return commits.FindAsync(shard, token).GetAwaiter().GetResult();
        }
        catch (DocumentException exception)
        {
            throw new ReductionException(exception.Message, exception);
        }
    }

    private IEnumerable<Range> Planned(ListingDocument listing)
    {
        (int shards, long images) = (0, 0);
        foreach (Range range in Planned(listing.Segments))
        {
            yield return range;
            (shards, images) = (shards + 1, range.First + range.Count);
        }
        if (shards != listing.Shards || images != listing.Images)
            throw new ReductionException($"The segments hold {images} images in {shards} shards; {JobLayout.Listing} counts {listing.Images} images in {listing.Shards} shards.");
    }

    /// <summary>Where each planned shard lies, by the segments.</summary>
    private IEnumerable<Range> Planned(int segments)
    {
        int shard = 0;
        long ordinal = 0;
        IEnumerable<SegmentOutline> outlines = work.Select(
            Enumerable.Range(0, segments), (index, token) => Document(SegmentOutline.ReadAsync(store, index, token), $"{segments} segments were listed."), RecordsAhead, cancellation);
        foreach (SegmentOutline segment in outlines)
        {
            if (segment.First != ordinal || segment.FirstShard != shard)
                throw new ReductionException($"{JobLayout.Segment(segment.Index)} begins with image {segment.First} and shard {segment.FirstShard}; expected image {ordinal} and shard {shard}, where the segment before it ends.");
            foreach (int count in segment.Shards)
            {
                yield return new Range(JobLayout.ShardId(shard++), segment.Index, ordinal, count);
                ordinal += count;
            }
        }
    }

    private void Add(Range expected, CommitRecord record, List<Leaf> leaves, bool isWhole)
    {
        string blob = JobLayout.Commit(expected.Shard);
        if (record.Shard != expected.Shard || record.Segment != expected.Segment || record.First != expected.First || record.Count != expected.Count)
        {
            throw new ReductionException(
                $"{blob} holds shard {record.Shard}, {Images(record.First, record.Count)} of segment {record.Segment}; expected shard {expected.Shard}, {Images(expected.First, expected.Count)} of segment {expected.Segment}"
                + (leaves.Count == 0 ? "." : $", after shard {leaves[^1].Shard}. Images would be missing or counted twice."));
        }
        if (record.Children is not { } children)
        {
            if (record.Done < 0 || record.Failed < 0 || record.Done + record.Failed != record.Count || (record.GivenUp is not null && (record.Count != 1 || record.Failed != 1)))
                throw new ReductionException($"{blob} has {record.Done} images done and {record.Failed} failed; expected {record.Count} in all{(record.GivenUp is null ? "" : ", one failed, as it was given up")}.");
            leaves.Add(Leaf.Of(record));
            return;
        }
        if (children.Count == 0 || children.Any(c => c < 1) || children.Sum(c => (long)c) != record.Count || record.Parts.Count > 0 || record.GivenUp is not null)
            throw new ReductionException($"{blob} splits the shard's {record.Count} images into children of {string.Join(" + ", children)}; expected children of at least 1 that sum to it, and no parts.");
        long first = expected.First;
        for (int i = 0; i < children.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var child = new Range($"{expected.Shard}.{i}", expected.Segment, first, children[i]);
            if ((isWhole ? ReadRecord(child.Shard, cancellation) : FindRecord(child.Shard, cancellation)) is { } part) Add(child, part, leaves, isWhole);
            first += children[i];
        }
    }

    private static string Images(long first, int count) => $"images {first} to {first + count - 1}";

    private readonly record struct Range(string Shard, int Segment, long First, int Count);
}
