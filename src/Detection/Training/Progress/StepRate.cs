using System.Diagnostics;

namespace MaskRcnn.Detection.Training.Progress;

/// <summary>Images a second since a process began to train, without the time of evaluations.</summary>
internal sealed class StepRate
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private double _left;
    private long _images;

    /// <summary>Does something whose time does not count.</summary>
    public void Without(Action work)
    {
        long began = Stopwatch.GetTimestamp();
        work();
        _left += Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>The rate after a step.</summary>
    /// <param name="images">Images of the step.</param>
    public double After(int images)
    {
        _images += images;
        return _images / (Stopwatch.GetElapsedTime(_start).TotalSeconds - _left);
    }
}
