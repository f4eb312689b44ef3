using MaskRcnn.Grains.Telemetry;

namespace MaskRcnn.Grains.Workers;

/// <summary>What the device was held for, shard by shard, and by job since the worker began. For any thread.</summary>
internal sealed class DeviceAccount(DeviceClock clock, TimeProvider time)
{
    /// <summary>Jobs that are told of: those that it worked for last.</summary>
    private const int MostJobs = 8;

    private readonly Lock _gate = new();

    /// <summary>The last one at the end.</summary>
    private readonly List<JobUsage> _jobs = [];

    private long _last;
    private TimeSpan _lastBusy;

    /// <summary>What was done for jobs.</summary>
    public IReadOnlyList<JobUsage> Usage
    {
        get
        {
            lock (_gate) return [.. _jobs];
        }
    }

    /// <summary>The model was loaded, or was there.</summary>
    public void Loaded(ShardTask shard, TimeSpan load)
    {
        lock (_gate)
        {
            shard.DeviceTime = shard.DeviceTime with { Load = shard.DeviceTime.Load + load.TotalSeconds };
            Add(shard.Job.Context.Run, load, 0);
        }
    }

    /// <summary>An image is out: the time since the one before is its job's.</summary>
    public void Delivered(ShardTask shard)
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            TimeSpan passed = time.GetElapsedTime(Math.Max(_last, shard.Begun), now);
            TimeSpan busy = clock.Busy;
            double compute = Math.Clamp((busy - _lastBusy).TotalSeconds, 0, passed.TotalSeconds);
            (_last, _lastBusy) = (now, busy);
            shard.DeviceTime = shard.DeviceTime with { Compute = shard.DeviceTime.Compute + compute, Wait = shard.DeviceTime.Wait + passed.TotalSeconds - compute };
            Add(shard.Job.Context.Run, passed, 1);
        }
    }

    private void Add(string job, TimeSpan held, int images)
    {
        JobUsage usage = _jobs.Find(one => one.Job == job) ?? new JobUsage(job, 0, 0);
        _jobs.Remove(usage);
        _jobs.Add(usage with { Seconds = usage.Seconds + held.TotalSeconds, Images = usage.Images + images });
        if (_jobs.Count > MostJobs) _jobs.RemoveAt(0);
    }
}
