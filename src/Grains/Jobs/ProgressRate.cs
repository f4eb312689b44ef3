namespace MaskRcnn.Grains.Jobs;

/// <summary>Images a second over the last minute. Not for several threads.</summary>
/// <param name="time">The clock.</param>
public sealed class ProgressRate(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Spacing = TimeSpan.FromSeconds(1);

    /// <summary>At most one a second, so at most some sixty; the first is at the window's start or before.</summary>
    private readonly Queue<Sample> _samples = [];

    private Sample? _newest;

    /// <summary>Images a second over the last minute, or since the first count if that is later; 0 before there are two.</summary>
    public double ImagesPerSecond
    {
        get
        {
            Forget();
            if (!_samples.TryPeek(out Sample oldest) || _newest is not { } newest) return 0;
            double seconds = time.GetElapsedTime(oldest.Time).TotalSeconds;
            return seconds > 0 ? (newest.Finished - oldest.Finished) / seconds : 0;
        }
    }

    /// <summary>Tells how many images are finished.</summary>
    /// <param name="finished">The sum since the job began; never falls.</param>
    public void Count(long finished)
    {
        var sample = new Sample(time.GetTimestamp(), finished);
        // What was finished before this clock began says nothing of the speed: the first sample is the zero.
        if (_samples.Count == 0 || time.GetElapsedTime(_samples.Last().Time, sample.Time) >= Spacing) _samples.Enqueue(sample);
        _newest = sample;
        Forget();
    }

    /// <summary>Seconds left at this speed.</summary>
    /// <param name="left">Images left.</param>
    /// <returns>Null while it cannot be told.</returns>
    public double? EtaSeconds(long left)
    {
        if (left <= 0) return 0;
        double rate = ImagesPerSecond;
        return rate > 0 ? left / rate : null;
    }

    /// <summary>Keeps one sample that is as old as the window: the rate is over at least the whole of it.</summary>
    private void Forget()
    {
        while (_samples.Count > 1 && time.GetElapsedTime(_samples.ElementAt(1).Time) >= Window) _samples.Dequeue();
    }

    private readonly record struct Sample(long Time, long Finished);
}
