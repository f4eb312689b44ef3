using MaskRcnn.Coco.Evaluation.Files;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Results.Parts;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Workers;

/// <summary>What a worker keeps of a job: its documents and the last segment. For one thread, but for <see cref="Reader"/> and <see cref="Encoder"/>.</summary>
internal sealed class WorkerJob
{
    private readonly JobContext _context;
    private readonly IBlobStore _collection;
    private SegmentDocument? _segment;

    public WorkerJob(JobContext context, Stores stores, TimeProvider time)
    {
        _context = context;
        _collection = stores.Open(context.Document.Specification.Images);
        Reader = new ImageReader(_collection, time);
        Encoder = new ImageEncoder(context.Document);
    }

    public JobDocument Document => _context.Document;

    public IBlobStore Store => _context.Store;

    public ImageReader Reader { get; }

    public ImageEncoder Encoder { get; }

    /// <summary>The images of a shard.</summary>
    public IReadOnlyList<ListedImage> ImagesOf(ShardRange shard)
    {
        SegmentDocument segment = Segment(shard.Segment);
        int first = (int)(shard.First - segment.First);
        return [.. segment.Images.Skip(first).Take(shard.Count)];
    }

    private SegmentDocument Segment(int index)
    {
        if (_segment?.Index != index) _segment = Store.ReadDocumentAsync<SegmentDocument>(JobLayout.Segment(index), CancellationToken.None).GetAwaiter().GetResult();
        return _segment;
    }
}
