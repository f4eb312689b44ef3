using System.Diagnostics;

namespace MaskRcnn.Detection.Prediction;

/// <summary>Which images are worked on now, and since when: for a watch over images that take too long.</summary>
internal sealed class InFlightImages
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PipelineSlot, long> _since = [];

    /// <summary>The images, the oldest first.</summary>
    public IReadOnlyList<InFlightImage> Now()
    {
        lock (_gate)
        {
            long now = Stopwatch.GetTimestamp();
            return [.. _since.OrderBy(entry => entry.Value).Select(entry => new InFlightImage(entry.Key.Input.Name, entry.Key.Input.Tag, Stopwatch.GetElapsedTime(entry.Value, now)))];
        }
    }

    /// <summary>Does some work on images and says how long it took.</summary>
    public TimeSpan Measure(IReadOnlyList<PipelineSlot> images, Action work)
    {
        long start = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            foreach (PipelineSlot image in images)
                _since[image] = start;
        }

        try
        {
            work();
        }
        finally
        {
            lock (_gate)
            {
                foreach (PipelineSlot image in images)
                    _since.Remove(image);
            }
        }

        return Stopwatch.GetElapsedTime(start);
    }
}
