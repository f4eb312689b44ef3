using MaskRcnn.Coco.Evaluation.Files;
using MaskRcnn.Coco.Json;
using MaskRcnn.Detection.Kernels;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Results.Parts;
using MaskRcnn.Grains.Sources;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Workers;

/// <summary>What a worker keeps of a job: its documents and the last segment. For one thread, but for <see cref="Reader"/> and <see cref="Encoder"/>.</summary>
internal sealed class WorkerJob
{
    private readonly JobContext _context;
    private readonly SegmentGroundTruths _groundTruths;
    private readonly TimeProvider _time;
    private SegmentDocument? _segment;

    public WorkerJob(JobContext context, Stores stores, TimeProvider time)
    {
        _context = context;
        Reader = ImageSources.Reader(context, stores, time);
        Encoder = new ImageEncoder(context.Document);
        _groundTruths = new SegmentGroundTruths(context.Store);
        _time = time;
    }

    public JobContext Context => _context;

    public JobDocument Document => _context.Document;

    public IBlobStore Store => _context.Store;

    public ImageReader Reader { get; }

    public ImageEncoder Encoder { get; }

    /// <summary>The images of a shard, and what an earlier generation has of them.</summary>
    public ShardImages ImagesOf(ShardRange shard, CancellationToken cancellation)
    {
        SegmentDocument segment = Segment(shard.Segment);
        int first = (int)(shard.First - segment.First);
        ListedImage[] images = [.. segment.Images.Skip(first).Take(shard.Count)];
        return _context.Commits.Earlier is { } earlier ? new EarlierResults(earlier, Store, Reader).ImagesOf(shard, images, cancellation) : new ShardImages(images);
    }

    /// <summary>A writer for an attempt at a shard.</summary>
    /// <exception cref="CocoFormatException">The annotations are not valid.</exception>
    public ShardWriter NewWriter(Lease lease, string worker)
    {
        ParsedGroundTruth? groundTruth = Document.Specification.Annotations is null ? null : _groundTruths.GetAsync(lease.Shard.Segment, CancellationToken.None).GetAwaiter().GetResult();
        return new ShardWriter(Store, Document, lease.Shard, lease.Attempt, new ShardWriterOptions { Worker = worker, Threads = KernelThreads.Count, GroundTruth = groundTruth, Time = _time });
    }

    private SegmentDocument Segment(int index)
    {
        if (_segment?.Index != index) _segment = Store.ReadDocumentAsync<SegmentDocument>(JobLayout.Segment(index), CancellationToken.None).GetAwaiter().GetResult();
        return _segment;
    }
}
