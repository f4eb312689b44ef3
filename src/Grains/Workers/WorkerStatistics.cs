using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Grains.Workers;

/// <summary>A worker's own count of its images.</summary>
internal sealed class WorkerStatistics(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly ProgressRate _rate = new(time);
    private long _images;

    public long Images => Volatile.Read(ref _images);

    public double PerSecond
    {
        get
        {
            lock (_gate)
            {
                _rate.Count(_images);
                return _rate.ImagesPerSecond;
            }
        }
    }

    public void ImageDone() => Interlocked.Increment(ref _images);
}
