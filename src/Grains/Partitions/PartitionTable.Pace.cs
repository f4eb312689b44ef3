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
    public bool HasStraggler(DateTimeOffset now) => _waiting.Count == 0 && (Ahead(now).Any() || _leased.Values.Any(shard => IsStraggler(shard, now)));

    /// <summary>
    /// Leases a shard that another worker has: one that it has for later, which it then has no more; else the one that is expected to be the last, if a second worker may be done
    /// sooner.
    /// </summary>
    /// <param name="worker">Who asks, and has nothing to do: <c>silo/device</c>.</param>
    /// <param name="now">The time.</param>
    /// <param name="idle">How many workers have nothing to do, this one among them.</param>
    /// <returns>
    /// The lease; null when a shard waits, or none is worth it. Of two leases of a shard the first commit record decides. One that is worth dividing among the idle waits when this returns: see
    /// <see cref="TryDivide"/>.
    /// </returns>
    public Lease? TryLeaseAgain(string worker, DateTimeOffset now, int idle = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(worker);
        if (_waiting.Count > 0 || IsAlone(worker)) return null;
        if (Ahead(now).Where(shard => shard.Lease!.Given.Worker != worker).MinBy(shard => shard.Lease!.Given.Since) is { } ahead)
        {
            Note(ahead, ahead.Lease!, now, "for later, and taken by a worker that had nothing to do", suspicion: false);
            Leave(ahead);
            Wait(ahead);
            ahead.WasTaken = true;
            return Pieces(ahead, idle) > 1 ? null : Give(ahead, worker, now);
        }
        ShardEntry? last = _leased.Values.Where(shard => IsStraggler(shard, now) && shard.Lease!.Given.Worker != worker)
            .OrderByDescending(shard => SecondsLeft(shard, SecondsEach ?? 0, now)).ThenBy(shard => shard.Range.Id, StringComparer.Ordinal).FirstOrDefault();
        if (last is null) return null;
        if (IsSilent(last.Lease!, now) && Pieces(last, idle) > 1)
        {
            End(last, last.Lease!, now, "not heard of, and divided among workers that had nothing to do", suspicious: true);
            return null;
        }
        last.Second = NewLease(last, worker, now);
        return Given(last, last.Second);
    }

    /// <summary>Shards that their workers have for later: not begun, or only in the pipeline, behind one that is leased for longer.</summary>
    private IEnumerable<ShardEntry> Ahead(DateTimeOffset now)
    {
        Dictionary<string, DateTimeOffset> oldest = new(StringComparer.Ordinal);
        foreach (LeaseSnapshot given in _leased.Values.SelectMany(shard => shard.Leases, (_, lease) => lease.Given))
        {
            if (!oldest.TryGetValue(given.Worker, out DateTimeOffset since) || given.Since < since) oldest[given.Worker] = given.Since;
        }
        return _leased.Values.Where(shard => shard is { Lease: { ImagesDone: 0, Witnessed: true, Given.Alone: false } lease, Second: null, WasTaken: false, IsLast: false }
            && now - lease.Given.Since > (IsShort(shard) ? _options.Renewal : LeasedAhead) && (!lease.Begun || oldest[lease.Given.Worker] < lease.Given.Since));
    }

    private bool IsStraggler(ShardEntry shard, DateTimeOffset now) =>
        // Suspects may have killed their worker, and are not to have two.
        // Of one that was not heard of since the partition was away nothing is known.
        shard is { Lease: { Begun: true, Witnessed: true, Given.Alone: false }, Second: null, IsSuspect: false }
        && SecondsEach is { } each && SecondsLeft(shard, each, now) > Math.Max(WorthAgain * each * shard.Range.Count, _options.Renewal.TotalSeconds);

    /// <summary>Whether it is done before its worker would hear that it has it no more.</summary>
    private bool IsShort(ShardEntry shard) => SecondsEach * shard.Range.Count < _options.Renewal.TotalSeconds;

    /// <summary>Whether it was not heard of when it should have been: its worker may be dead, and nobody has noticed yet.</summary>
    private bool IsSilent(LeaseEntry lease, DateTimeOffset now) => now - lease.LastRenewal > 2 * _options.Renewal;

    /// <summary>Device-seconds of an image; null before the first commit.</summary>
    private double? SecondsEach => _timedImages > 0 ? _deviceTime.Values.Sum(time => time.Compute + time.Wait) / _timedImages : null;

    private double SecondsLeft(ShardEntry shard, double usual, DateTimeOffset now)
    {
        LeaseEntry lease = shard.Lease!;
        if (IsSilent(lease, now)) return double.PositiveInfinity;
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
