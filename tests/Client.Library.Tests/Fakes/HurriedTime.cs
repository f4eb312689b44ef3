namespace MaskRcnn.Client.Library.Tests.Fakes;

/// <summary>
/// A clock that jumps to whatever is waited for next: waiting takes no time, and is counted. Waits end in the order of
/// their times, one by one, each when the thread pool has done what the last one set off: what takes long on a busy
/// machine takes no longer on this clock.
/// </summary>
internal sealed class HurriedTime : TimeProvider
{
    private readonly object _gate = new();
    private readonly PriorityQueue<(Timer Timer, int Round), (long Due, long Order)> _waits = new();
    private long _now, _order;
    private bool _started;

    public TimeSpan Elapsed
    {
        get
        {
            lock (_gate) return TimeSpan.FromTicks(_now);
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

    private void Run()
    {
        while (true)
        {
            (Timer Timer, int Round) wait;
            lock (_gate)
            {
                while (_waits.Count == 0) Monitor.Wait(_gate);
                // A few looks in a row at which nothing is left to do.
                for (int quiet = 0; quiet < 3; quiet = ThreadPool.PendingWorkItemCount == 0 ? quiet + 1 : 0) Monitor.Wait(_gate, 1);
                if (!_waits.TryDequeue(out wait, out (long Due, long Order) place) || wait.Timer.Round != wait.Round) continue;
                _now = Math.Max(_now, place.Due);
            }
            ThreadPool.QueueUserWorkItem(_ => wait.Timer.Fire());
        }
    }

    private sealed class Timer(HurriedTime time, TimerCallback callback, object? state) : ITimer
    {
        /// <summary>Which wait counts: those of before were changed or disposed of.</summary>
        public int Round { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                Round++;
                if (dueTime < TimeSpan.Zero) return true;
                time._waits.Enqueue((this, Round), (time._now + dueTime.Ticks, time._order++));
                if (!time._started) new Thread(time.Run) { IsBackground = true, Name = "hurried time" }.Start();
                time._started = true;
                Monitor.PulseAll(time._gate);
                return true;
            }
        }

        public void Fire() => callback(state);

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
