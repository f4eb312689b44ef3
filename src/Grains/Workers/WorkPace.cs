namespace MaskRcnn.Grains.Workers;

/// <summary>How long an image takes, measured on the shard that is at work; while none of its images is out, on the one before.</summary>
internal sealed class WorkPace(TimeProvider time)
{
    private readonly Lock _gate = new();
    private object? _shard;
    private long _start, _last;
    private int _images;
    private TimeSpan? _each;

    /// <summary>How long an image takes, from one's end to the next one's; null: nobody knows.</summary>
    public TimeSpan? Each
    {
        get
        {
            lock (_gate) return _each;
        }
    }

    /// <summary>An image is out.</summary>
    /// <param name="shard">Its shard.</param>
    /// <param name="begun">Time stamp of the shard's beginning: the one before may still have been at work then.</param>
    public void Delivered(object shard, long begun)
    {
        lock (_gate)
        {
            if (_shard != shard) (_shard, _start, _images) = (shard, Math.Max(begun, _last), 0);
            _last = time.GetTimestamp();
            _each = time.GetElapsedTime(_start, _last) / ++_images;
        }
    }
}
