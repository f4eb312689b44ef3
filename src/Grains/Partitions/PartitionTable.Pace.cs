using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Grains.Partitions;

/// <summary>How long shards take here, and which take too long: those are leased a second time when nothing else is left.</summary>
public sealed partial class PartitionTable
{
    /// <summary>A second worker must be expected to be done well before the first, or its work is for nothing.</summary>
    private const double WorthAgain = 1.5;

    private readonly SortedDictionary<string, DeviceTime> _deviceTime = new(StringComparer.Ordinal);
    private long _timedImages;

    /// <summary>What devices were held for, by kind.</summary>
    public IReadOnlyList<DeviceTime> DeviceTime => [.. _deviceTime.Values];

    /// <summary>Whether a shard would be leased a second time now.</summary>
    public bool HasStraggler(DateTimeOffset now) => _waiting.Count == 0 && _leased.Values.Any(shard => IsStraggler(shard, now));

    /// <summary>Leases the shard that is expected to be the last of those that other workers have, if a second worker may be done sooner.</summary>
    /// <param name="worker">Who asks: <c>silo/device</c>.</param>
    /// <param name="now">The time.</param>
    /// <returns>The lease; null when a shard waits, or none is worth it. The first commit record decides between the two.</returns>
    public Lease? TryLeaseAgain(string worker, DateTimeOffset now)
    {
        ArgumentException.ThrowIfNullOrEmpty(worker);
        if (_waiting.Count > 0 || IsAlone(worker)) return null;
        ShardEntry? last = _leased.Values.Where(shard => IsStraggler(shard, now) && shard.Lease!.Given.Worker != worker)
            .OrderByDescending(shard => SecondsLeft(shard, now)).ThenBy(shard => shard.Range.Id, StringComparer.Ordinal).FirstOrDefault();
        if (last is null) return null;
        last.Second = NewLease(last, worker, now);
        return Given(last, last.Second);
    }

    private bool IsStraggler(ShardEntry shard, DateTimeOffset now) =>
        // Suspects may have killed their worker, and are not to have two.
        // Of one that was not heard of since the partition was away nothing is known.
        shard is { Lease: { Begun: true, Witnessed: true, Given.Alone: false }, Second: null, IsSuspect: false }
        && SecondsEach is { } each && SecondsLeft(shard, now) > WorthAgain * each * shard.Range.Count;

    /// <summary>Device-seconds of an image; null before the first commit.</summary>
    private double? SecondsEach => _timedImages > 0 ? _deviceTime.Values.Sum(time => time.Compute + time.Wait) / _timedImages : null;

    private double SecondsLeft(ShardEntry shard, DateTimeOffset now)
    {
        LeaseEntry lease = shard.Lease!;
        // Not heard of: it may be dead, and nobody has noticed yet.
        if (now - lease.LastRenewal > 2 * _options.Renewal) return double.PositiveInfinity;
        double passed = (now - lease.Given.Since).TotalSeconds;
        // Without an image out it is taken to be in the middle.
        return lease.ImagesDone > 0 ? passed / lease.ImagesDone * (shard.Range.Count - lease.ImagesDone) : passed;
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
