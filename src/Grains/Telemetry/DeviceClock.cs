namespace MaskRcnn.Grains.Telemetry;

/// <summary>How long a device has been at work: the time in which at least one call of the model was under way. For any thread.</summary>
internal sealed class DeviceClock(TimeProvider time)
{
    /// <summary>The share is that of at least this long, so that it means something to whoever asks often.</summary>
    internal static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private int _calls;
    private long _since;
    private TimeSpan _busy;
    private (long At, TimeSpan Busy) _old = (time.GetTimestamp(), default), _mark = (time.GetTimestamp(), default);

    /// <summary>Time at work since the clock was made.</summary>
    public TimeSpan Busy
    {
        get
        {
            lock (_gate) return BusyAt(time.GetTimestamp());
        }
    }

    /// <summary>A call of the model begins.</summary>
    public void Enter()
    {
        lock (_gate)
        {
            if (_calls++ == 0) _since = time.GetTimestamp();
        }
    }

    /// <summary>A call of the model has ended.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            if (--_calls == 0) _busy += time.GetElapsedTime(_since);
        }
    }

    /// <summary>Share of the last 10 to 20 seconds, or of the time since it was last asked for if that is longer, from 0 to 1.</summary>
    public double Share()
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            TimeSpan busy = BusyAt(now);
            if (time.GetElapsedTime(_mark.At, now) >= Window) (_old, _mark) = (_mark, (now, busy));
            TimeSpan passed = time.GetElapsedTime(_old.At, now);
            return passed > TimeSpan.Zero ? Math.Clamp((busy - _old.Busy) / passed, 0, 1) : 0;
        }
    }

    private TimeSpan BusyAt(long now) => _calls > 0 ? _busy + time.GetElapsedTime(_since, now) : _busy;
}
