using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Grains.Partitions;

/// <summary>
/// What is done for workers that have nothing to do when nothing waits any more: they take shards that others have leased ahead and not begun, and shards that take too
/// long are leased a second time.
/// </summary>
public sealed partial class PartitionTable
{
    /// <summary>A second worker must be expected to be done well before the first, or its work is for nothing.</summary>
    private const double WorthAgain = 1.5;

    /// <summary>A worker that has leased a shard and is free begins it sooner.</summary>
    private static readonly TimeSpan LeasedAhead = TimeSpan.FromSeconds(2);

    private readonly SortedDictionary<string, DeviceTime> _deviceTime = new(StringComparer.Ordinal);
    private long _timedImages;

    /// <summary>What devices were held for, by kind.</summary>
    public IReadOnlyList<DeviceTime> DeviceTime => [.. _deviceTime.Values];

    /// <summary>Whether there is something for a worker that has nothing to do, though nothing waits.</summary>
    public bool HasStraggler(DateTimeOffset now) => _waiting.Count == 0 && _leased.Values.Any(shard => IsAhead(shard, now) || IsStraggler(shard, now));

    /// <summary>
    /// Leases a shard that another worker has: one that it has not begun, which it then has no more; else the one that is expected to be the last, if a second worker may be done
    /// sooner.
    /// </summary>
    /// <param name="worker">Who asks, and has nothing to do: <c>silo/device</c>.</param>
    /// <param name="now">The time.</param>
    /// <returns>The lease; null when a shard waits, or none is worth it. Of two leases of a shard the first commit record decides.</returns>
    public Lease? TryLeaseAgain(string worker, DateTimeOffset now)
    {
        ArgumentException.ThrowIfNullOrEmpty(worker);
        if (_waiting.Count > 0 || IsAlone(worker)) return null;
        if (_leased.Values.Where(shard => IsAhead(shard, now) && shard.Lease!.Given.Worker != worker).MinBy(shard => shard.Lease!.Given.Since) is { } ahead)
        {
            Report(ahead, ahead.Lease!, now, "not begun, and taken by a worker that had nothing to do", suspicion: false);
            Leave(ahead);
            ahead.WasTaken = true;
            return Give(ahead, worker, now);
        }
        ShardEntry? last = _leased.Values.Where(shard => IsStraggler(shard, now) && shard.Lease!.Given.Worker != worker)
            .OrderByDescending(shard => SecondsLeft(shard, SecondsEach ?? 0, now)).ThenBy(shard => shard.Range.Id, StringComparer.Ordinal).FirstOrDefault();
        if (last is null) return null;
        last.Second = NewLease(last, worker, now);
        return Given(last, last.Second);
    }

    /// <summary>Whether its worker has it for later.</summary>
    private static bool IsAhead(ShardEntry shard, DateTimeOffset now) =>
        shard is { Lease: { Begun: false, Witnessed: true, Given.Alone: false }, Second: null, WasTaken: false, IsSuspect: false } && now - shard.Lease.Given.Since > LeasedAhead;

    private bool IsStraggler(ShardEntry shard, DateTimeOffset now) =>
        // Suspects may have killed their worker, and are not to have two.
        // Of one that was not heard of since the partition was away nothing is known.
        shard is { Lease: { Begun: true, Witnessed: true, Given.Alone: false }, Second: null, IsSuspect: false }
        && SecondsEach is { } each && SecondsLeft(shard, each, now) > WorthAgain * each * shard.Range.Count;

    /// <summary>Device-seconds of an image; null before the first commit.</summary>
    private double? SecondsEach => _timedImages > 0 ? _deviceTime.Values.Sum(time => time.Compute + time.Wait) / _timedImages : null;

    private double SecondsLeft(ShardEntry shard, double usual, DateTimeOffset now)
    {
        LeaseEntry lease = shard.Lease!;
        // Not heard of: it may be dead, and nobody has noticed yet.
        if (now - lease.LastRenewal > 2 * _options.Renewal) return double.PositiveInfinity;
        // Without an image out it is taken to be in the middle.
        if (lease.ImagesDone == 0) return (now - lease.BegunAt).TotalSeconds;
        // Its first image may have waited in the pipeline behind a whole shard, so that only what came after that one tells of its pace. The next image is
        // under way: without it a few would tell of a worker that is slow.
        double each = lease.FirstDone is { } first && first.At < lease.LastRenewal ? (lease.LastRenewal - first.At).TotalSeconds / (lease.ImagesDone - first.Images + 1) : usual;
        // What it has said is some seconds old, in which it went on.
        return Math.Max(0, each * (shard.Range.Count - lease.ImagesDone) - (now - lease.LastRenewal).TotalSeconds);
    }

    private void AddTime(RunDetails run, int images)
    {
        if (run.DeviceTime is not { } time) return;
        _timedImages += images;
        Add(time);
    }

    /// <summary>Its worker may have told nobody: what it was held for until it was last heard of.</summary>
    private void AddLost(LeaseEntry lease)
    {
        string device = Jobs.DeviceTime.KindOf(lease.Given.Worker[(lease.Given.Worker.LastIndexOf('/') + 1)..]);
        Add(new DeviceTime(device, 0, 0, 0, Math.Max(0, (lease.LastRenewal - lease.Given.Since).TotalSeconds)));
    }

    private void Add(DeviceTime time)
    {
        _deviceTime[time.Device] = _deviceTime.TryGetValue(time.Device, out DeviceTime? sum) ? Jobs.DeviceTime.Sum([sum, time])[0] : time;
    }
}
