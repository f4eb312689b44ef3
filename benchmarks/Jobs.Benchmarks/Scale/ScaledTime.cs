using System.Globalization;

namespace MaskRcnn.Jobs.Benchmarks.Scale;

/// <summary>A clock that runs faster than others, the same in all processes that are given its text: calls take as long as they do, so that to a simulation they seem slower than they are.</summary>
/// <param name="factor">How many of its seconds there are in one.</param>
/// <param name="epoch">When it was right.</param>
internal sealed class ScaledTime(double factor, DateTimeOffset epoch) : TimeProvider
{
    public double Factor => factor;

    public override long TimestampFrequency => System.TimestampFrequency;

    public static ScaledTime Parse(string text)
    {
        string[] parts = text.Split('@');
        return new ScaledTime(double.Parse(parts[0], CultureInfo.InvariantCulture), DateTimeOffset.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    public override string ToString() => FormattableString.Invariant($"{factor}@{epoch:O}");

    public override DateTimeOffset GetUtcNow() => epoch + (System.GetUtcNow() - epoch) * factor;

    public override long GetTimestamp() => (long)(System.GetTimestamp() * factor);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Scaled(System.CreateTimer(callback, state, Real(dueTime), Real(period)), this);

    private TimeSpan Real(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / factor;

    private sealed class Scaled(ITimer timer, ScaledTime time) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(time.Real(dueTime), time.Real(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
