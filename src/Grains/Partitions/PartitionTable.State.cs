using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Grains.Partitions;

public sealed partial class PartitionTable
{
    /// <summary>The table as it is now.</summary>
    public PartitionState Save() => new()
    {
        Job = Job,
        Output = Output,
        Partition = Partition,
        Shards = [.. _order.Select(s => new ShardSnapshot
        {
            Range = s.Range,
            Status = s.Status,
            Epoch = s.Epoch,
            Suspicions = s.Suspicions,
            AloneDeaths = s.AloneDeaths,
            Done = s.Done,
            Failed = s.Failed,
            Decision = s.Decision,
            Lease = s.Lease?.Snapshot(),
        })],
        FailedAttempts = FailedAttempts,
        Threads = Threads,
        DeviceTime = DeviceTime,
        TimedImages = _timedImages,
    };

    /// <summary>
    /// A table from a stored state, which may be older than what happened: the store is asked before any shard is leased.
    /// Leases live on with a fresh deadline; their end is no suspicion until there was a sign of life.
    /// </summary>
    /// <param name="state">What was stored.</param>
    /// <param name="options">Times and limits.</param>
    /// <param name="newToken">Random ids: tokens and names of attempts.</param>
    /// <param name="now">The time.</param>
    public static PartitionTable Restore(PartitionState state, LeaseOptions options, Func<Guid> newToken, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        var table = new PartitionTable(state.Job, state.Output, state.Partition, options, newToken) { _restored = true };
        foreach (ShardSnapshot shard in state.Shards) table.Restore(shard);
        foreach (AttemptReport report in state.FailedAttempts) table._failedAttempts.AddLast(report);
        table._threads.UnionWith(state.Threads);
        // A state of a version that did not have it.
        foreach (DeviceTime time in state.DeviceTime) table._deviceTime.Add(time.Device, time);
        table._timedImages = state.TimedImages;
        table.WasAway(now);
        return table;
    }

    private void Restore(ShardSnapshot saved)
    {
        int dot = saved.Range.Id.LastIndexOf('.');
        var shard = new ShardEntry(saved.Range)
        {
            IsOfSuspect = dot > 0 && (!_shards.TryGetValue(saved.Range.Id[..dot], out ShardEntry? parent) || parent.IsLast),
            Status = saved.Status,
            AskStore = true,
            Epoch = saved.Epoch,
            Suspicions = saved.Suspicions,
            AloneDeaths = saved.AloneDeaths,
            Done = saved.Done,
            Failed = saved.Failed,
        };
        Counts += new ImageCounts(dot < 0 ? saved.Range.Count : 0, saved.Done, saved.Failed);
        _largest = Math.Max(_largest, saved.Range.Count);
        _shards.Add(saved.Range.Id, shard);
        _order.Add(shard);
        if (!shard.IsClosed) _open++;
        if (saved is { Status: ShardStatus.Leased, Lease: { } lease })
        {
            // A second one is not kept: its worker is told that it is over.
            shard.Lease = new LeaseEntry(lease, saved.Lease.Epoch > 0 ? saved.Lease.Epoch : saved.Epoch);
            _leased.Add(saved.Range.Id, shard);
        }
        // One that was to be divided is leased whole, unless the store has the record.
        else if (saved is { Status: ShardStatus.Held, Decision: { } decision } && (saved.Range.Count == 1 || saved.Suspicions >= _options.SuspicionsBeforeSplit))
        {
            Hold(shard, decision);
        }
        else if (!shard.IsClosed)
        {
            Wait(shard);
        }
    }
}
