namespace MaskRcnn.Client.Library.Tests.Fakes;

/// <summary>A clock that jumps to whatever is waited for: waiting takes no time, and is counted.</summary>
internal sealed class HurriedTime : TimeProvider
{
    private readonly Lock _lock = new();
    private TimeSpan _elapsed;

    public TimeSpan Elapsed
    {
        get
        {
            lock (_lock) return _elapsed;
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => FakeCluster.Then + Elapsed;

    public override long GetTimestamp() => Elapsed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(HurriedTime time, TimerCallback callback, object? state) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime < TimeSpan.Zero) return true;
            ThreadPool.QueueUserWorkItem(_ =>
            {
                lock (time._lock) time._elapsed += dueTime;
                callback(state);
            });
            return true;
        }

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
