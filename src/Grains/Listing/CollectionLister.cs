using MaskRcnn.Coco.Datasets;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Sources;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Listing;

/// <summary>
/// Lists a job's collection into segments on the calling thread. What an earlier run has written is taken, so that it goes on
/// after a crash; where two run at once, what is first in the store counts.
/// </summary>
/// <param name="job">The job.</param>
/// <param name="stores">Opens the collection and the annotations.</param>
/// <param name="workCanBegin">Is told when there is a first segment.</param>
internal sealed class CollectionLister(JobContext job, Stores stores, Action? workCanBegin = null)
{
    private readonly Lock _gate = new();
    private readonly List<SegmentHeader> _segments = [];
    private bool _isDone;

    /// <summary>The segments from one on, and whether there will be no more.</summary>
    public (IReadOnlyList<SegmentHeader> Segments, bool IsDone) Since(int segment)
    {
        lock (_gate) return ([.. _segments.Skip(segment)], _isDone);
    }

    /// <summary>Lists to the end.</summary>
    /// <exception cref="IOException">A store failed; run it again.</exception>
    /// <exception cref="DocumentException">A segment is not what this job lists, as when the collection changed meanwhile.</exception>
    public void Run(CancellationToken stop)
    {
        if (Wait(job.Store.FindDocumentAsync<ListingDocument>(JobLayout.Listing, stop)) is { } written)
        {
            // Listed to the end: what it was listed from may be gone.
            for (int i = 0; i < written.Segments; i++) Add(Wait(job.Store.ReadDocumentAsync<SegmentDocument>(JobLayout.Segment(i), stop)));
            lock (_gate) _isDone = true;
            return;
        }
        JobSpecification specification = job.Document.Specification;
        CocoDataset? annotations = job.Addresses.Annotations is { } uri ? AnnotationFile.Read(stores, uri, stop) : null;
        GroundTruthSlices? slices = annotations is null ? null : new GroundTruthSlices(annotations);
        using IImageSource source = ImageSources.Open(job.Addresses, job.Document.Source, stores);
        NameSample repeated = source.Prepare(stop);
        var filter = new CollectionFilter(specification.Pattern, source.IsNamed);
        AnnotatedNames? names = annotations is null ? null : new AnnotatedNames(annotations.Images);
        var builder = new SegmentBuilder(job.Document.ShardSize, filter, names, specification.Limit, hasIds: source.HasIds, repeated: repeated.Count);
        TakeWritten(builder, slices, stop);
        foreach (SegmentDocument segment in NewSegments(builder, filter, source, stores.Limits, stop)) Put(segment, slices, stop);
        Wait(job.Store.PutDocumentAsync(JobLayout.Listing, builder.Listing(), stop));
        lock (_gate) _isDone = true;
    }

    private static IEnumerable<SegmentDocument> NewSegments(SegmentBuilder builder, CollectionFilter filter, IImageSource source, Limits limits, CancellationToken stop)
    {
        if (!builder.IsFull)
        {
            foreach (SourcePage page in source.List(builder.Position, filter, stop))
            {
                IReadOnlyList<SegmentDocument> segments = builder.Add(page);
                CheckCount(builder, source, limits);
                foreach (SegmentDocument segment in segments) yield return segment;
                if (builder.IsFull) break;
            }
        }
        if (builder.Finish() is { } last) yield return last;
    }

    /// <summary>Throws when there are more images than a job may have.</summary>
    internal static void CheckCount(SegmentBuilder builder, IImageSource source, Limits limits)
    {
        if (builder.Images > limits.Images)
            throw new LimitException(source.Location, builder.Images, "images or more", nameof(Limits.Images), limits.Images, "Take a part of it by a pattern or a limit");
    }

    private void TakeWritten(SegmentBuilder builder, GroundTruthSlices? slices, CancellationToken stop)
    {
        int index = 0;
        while (Wait(job.Store.FindDocumentAsync<SegmentDocument>(JobLayout.Segment(index), stop)) is { } segment)
        {
            builder.Resume(segment);
            // The crash may have been between the two.
            PutGroundTruth(segment, slices, stop);
            Add(segment);
            index++;
        }
    }

    private void Put(SegmentDocument segment, GroundTruthSlices? slices, CancellationToken stop)
    {
        SegmentDocument there = Wait(job.Store.PutDocumentAsync(JobLayout.Segment(segment.Index), segment, stop));
        if (!ReferenceEquals(there, segment) && !DocumentJson.Write(there).AsSpan().SequenceEqual(DocumentJson.Write(segment)))
            throw new DocumentException(JobLayout.Segment(segment.Index), "another lister has written it, and the collection changed meanwhile; the listing goes on from there");
        PutGroundTruth(segment, slices, stop);
        Add(segment);
    }

    private void PutGroundTruth(SegmentDocument segment, GroundTruthSlices? slices, CancellationToken stop)
    {
        if (slices is null) return;
        string name = JobLayout.GroundTruth(segment.Index);
        if (Wait(job.Store.FindAsync(name, stop)) is not null) return;
        WriteResult result = Wait(job.Store.WriteAsync(name, slices.Slice(segment.Images), WriteCondition.Absent, Guid.NewGuid().ToString("N"), stop));
        if (result.Outcome == WriteOutcome.Unknown) throw new BlobException(job.Store.Location, name, "nobody knows whether it was written; the listing goes on from there.");
    }

    private void Add(SegmentDocument segment)
    {
        lock (_gate) _segments.Add(new SegmentHeader(segment.FirstShard, segment.Shards.Count, segment.Images.Count));
        if (segment.Index == 0) workCanBegin?.Invoke();
    }

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
