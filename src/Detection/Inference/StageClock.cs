using System.Diagnostics;

namespace MaskRcnn.Detection.Inference;

/// <summary>How long the stages of inference take.</summary>
public sealed class StageClock
{
    private readonly Dictionary<string, double> _seconds = [];

    /// <summary>Seconds of each stage since the clock was made, in the order in which they first ran.</summary>
    public IReadOnlyDictionary<string, double> Seconds => _seconds;

    /// <summary>Runs a stage and adds its time.</summary>
    internal T Measure<T>(string stage, Func<T> compute)
    {
        long start = Stopwatch.GetTimestamp();
        T result = compute();
        _seconds[stage] = _seconds.GetValueOrDefault(stage) + Stopwatch.GetElapsedTime(start).TotalSeconds;
        return result;
    }
}
