using System.Diagnostics;
using MaskRcnn.Coco.Json;
using MaskRcnn.Detection.Prediction;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Results.Parts;

namespace MaskRcnn.Grains.Workers;

/// <summary>An image of a shard that is worked on.</summary>
internal sealed record ImagePlace(ShardTask Shard, int Index);

/// <summary>A leased shard on its way through the pipeline. Its images come out in the order in which they went in.</summary>
internal sealed class ShardTask(HeldLease held, WorkerJob job, ShardImages images, ShardWriter writer, string device)
{
    private readonly Lock _gate = new();
    private int _given, _delivered, _end = images.Images.Count;
    private bool _isCut;

    public HeldLease Held { get; } = held;

    public WorkerJob Job { get; } = job;

    public IReadOnlyList<ListedImage> Images { get; } = images.Images;

    public ShardWriter Writer { get; } = writer;

    /// <summary>Why the shard cannot be finished, although the lease holds; null while it can.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Whether the commit record may be in the store: from then on the attempt's parts are not this worker's to remove.</summary>
    public bool CommitBegan { get; set; }

    /// <summary>Time stamp of its first image's beginning.</summary>
    public long Begun { get; set; }

    /// <summary>Its images; fewer than it has if it was cut after these.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _end;
        }
    }

    /// <summary>What the device was held for. Written by one thread at a time: it loads the model, then images come out.</summary>
    public DeviceTime DeviceTime { get; set; } = new(DeviceTime.KindOf(device), 0, 0, 0);

    /// <summary>Images that are to come out yet.</summary>
    public int ImagesLeft
    {
        get
        {
            lock (_gate) return _end - _delivered;
        }
    }

    /// <summary>The shard's images as the pipeline's inputs, but for those of which there is a result.</summary>
    /// <param name="goesOn">Asked before each.</param>
    /// <param name="cancellation">Stops reading.</param>
    public IEnumerable<PredictionInput> Inputs(Func<bool> goesOn, CancellationToken cancellation)
    {
        for (int i = 0; i < Images.Count; i++)
        {
            // Read by this thread alone, when the giving ends; the lock is held while images are written.
            if (images.Kept(i) is null && !goesOn()) yield break;
            _given = i + 1;
            if (images.Kept(i) is not null) continue;
            ListedImage image = Images[i];
            yield return new PredictionInput(image.Name, () => Job.Reader.Read(image, cancellation))
            {
                Tag = new ImagePlace(this, i),
                Dropped = Held.Lost,
            };
        }
    }

    /// <summary>On a thread of the pipeline: what is written of an image.</summary>
    public EncodedImage? Encode(Prediction prediction, int index)
    {
        if (Held.IsLost) return null;
        (ListedImage image, ShardRange shard) = (Images[index], Held.Lease.Shard);
        ImageTimings timings = ImageTimings.Of(prediction.Timings);
        long start = Stopwatch.GetTimestamp();
        EncodedImage encoded = prediction.Detections is { } detections
            ? Job.Encoder.Encode(image, shard, detections, prediction.Image, timings)
            : ImageEncoder.Failed(image, ImageErrors.Of(prediction.Error!, image, shard), timings);
        Held.Trace.Image(prediction.Timings, Stopwatch.GetElapsedTime(start));
        return encoded;
    }

    /// <summary>The next image has come out, in order. What comes after the shard was cut is nothing of it any more.</summary>
    public void Deliver(EncodedImage? image)
    {
        lock (_gate)
        {
            if (_isCut) return;
            DeliverKept();
            Write(image, isNew: true);
            DeliverKept();
        }
    }

    /// <summary>No more images go in: it ends with those that did.</summary>
    public void EndGiving()
    {
        lock (_gate)
        {
            if (_isCut) return;
            // Of none of the images may there be something to do.
            DeliverKept();
            _end = Math.Min(_end, Math.Max(_given, _delivered));
        }
    }

    /// <summary>It ends with the images that are out.</summary>
    public void Cut()
    {
        lock (_gate) (_end, _isCut) = (_delivered, true);
    }

    private void DeliverKept()
    {
        while (images.Kept(_delivered) is { } kept) Write(kept, isNew: false);
    }

    private void Write(EncodedImage? image, bool isNew)
    {
        _delivered++;
        if (image is null || Held.IsLost || Failure is not null) return;
        try
        {
            long start = Stopwatch.GetTimestamp();
            Writer.AddAsync(image, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            Held.ImageDone();
            if (isNew) Held.Trace.Written(start, image.Error);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CocoFormatException)
        {
            // A full disk, a store that is gone: another worker, or this one later, may have more luck.
            Failure = exception;
        }
    }
}
