using MaskRcnn.Grains.Dispatch;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace MaskRcnn.Grains.Workers;

/// <summary>
/// A worker's leases: asks for them, renews them on a thread of its own, gives them back. A call that fails is made again; a
/// lease is lost only when its partition says so.
/// </summary>
internal sealed partial class LeaseKeeper
{
    private readonly IGrainFactory _grains;
    private readonly WorkerOptions _options;
    private readonly ILogger _logger;
    private readonly Func<WorkerReport> _report;
    private readonly Dictionary<LeaseKey, HeldLease> _held = [];
    private readonly BackgroundThread _renewing;

    public LeaseKeeper(IGrainFactory grains, WorkerOptions options, ILogger logger, Func<WorkerReport> report)
    {
        (_grains, _options, _logger, _report) = (grains, options, logger, report);
        _renewing = new BackgroundThread("leases", Renew);
    }

    /// <summary>The leases that are held.</summary>
    public IReadOnlyList<HeldLease> Held
    {
        get
        {
            lock (_held) return [.. _held.Values];
        }
    }

    /// <summary>A lease, or null when there is none to have now; it may take about a second to say so.</summary>
    public HeldLease? TryNext(CancellationToken stop)
    {
        try
        {
            WorkerReport report = _report();
            if (_grains.GetGrain<IDispatcherGrain>(0).Next(report, stop).GetAwaiter().GetResult() is not { } lease) return null;
            var held = new HeldLease(lease, _grains.GetGrain<IPartitionGrain>($"{lease.Job}/{lease.Partition}"), new ShardTrace(lease, report.Device));
            lock (_held) _held[held.Key] = held;
            if (!stop.IsCancellationRequested) return held;
            // All leases may have been given back while this one came: nobody would work on it, and it would be renewed for ever.
            Release(held, null);
            return null;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception) when (IsTrouble(exception))
        {
            LogTrouble("asking for work", exception);
            stop.WaitHandle.WaitOne(_options.TroubleWait);
            return null;
        }
    }

    /// <summary>Tells the partition that the first image is begun; false when the lease is over.</summary>
    public bool Begin(HeldLease held)
    {
        while (!held.IsLost)
        {
            try
            {
                if (held.Partition.Begin(held.Key).GetAwaiter().GetResult()) return true;
                Lose(held);
            }
            catch (Exception exception) when (IsTrouble(exception))
            {
                LogLeaseTrouble("beginning", held.Lease.Job, held.Lease.Shard.Id, held.Lease.Attempt, exception);
                // Working without the partition's knowledge is harmless; waiting would cost more.
                return true;
            }
        }
        return false;
    }

    /// <summary>The shard has a commit record.</summary>
    public void Complete(HeldLease held)
    {
        // First of all: what is renewed meanwhile would be refused, and pass for a lost lease.
        Forget(held);
        held.Trace.End(AttemptOutcomes.Committed);
        Call("completing", held, () => held.Partition.Complete(held.Key));
    }

    /// <summary>Gives a shard back.</summary>
    public void Release(HeldLease held, string? reason)
    {
        held.Lose();
        Forget(held);
        held.Trace.End(reason is null ? AttemptOutcomes.GivenBack : AttemptOutcomes.Failed);
        Call("giving back", held, () => held.Partition.Release(held.Key, reason));
    }

    /// <summary>Gives all shards back.</summary>
    public void ReleaseAll(string? reason)
    {
        foreach (HeldLease held in Held) Release(held, reason);
    }

    /// <summary>Holds a lease no more; false when it was not held.</summary>
    public bool Forget(HeldLease held)
    {
        lock (_held) return _held.Remove(held.Key);
    }

    /// <summary>Renews no more.</summary>
    public void Stop() => _renewing.Stop();

    private void Lose(HeldLease held)
    {
        held.Lose();
        held.Trace.End(AttemptOutcomes.Lost);
        if (Forget(held)) LogLost(held.Lease.Job, held.Lease.Shard.Id, held.Lease.Attempt);
    }

    private void Call(string what, HeldLease held, Func<Task> call)
    {
        const int Tries = 3;
        for (int i = 0; i < Tries; i++)
        {
            try
            {
                call().GetAwaiter().GetResult();
                return;
            }
            catch (Exception exception) when (IsTrouble(exception))
            {
                // In the end the lease runs out, and the partition finds the record.
                LogLeaseTrouble(what, held.Lease.Job, held.Lease.Shard.Id, held.Lease.Attempt, exception);
            }
        }
    }

    private void Renew(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            HeldLease[] held = [.. Held];
            Task[] calls = [Quietly(() => _grains.GetGrain<IDispatcherGrain>(0).Heartbeat(_report()), exception => LogTrouble("a heartbeat", exception)), .. held.Select(h => Quietly(() => RenewAsync(h), exception => LogLeaseTrouble("renewing", h.Lease.Job, h.Lease.Shard.Id, h.Lease.Attempt, exception)))];
            Task.WaitAll(calls, CancellationToken.None);
            WaitHandle.WaitAny([stop.WaitHandle], _options.Renewal);
        }
    }

    private async Task RenewAsync(HeldLease held)
    {
        if (!await held.Partition.Renew(held.Key, held.ImagesDone)) Lose(held);
    }

    private static async Task Quietly(Func<Task> call, Action<Exception> log)
    {
        try
        {
            await call();
        }
        catch (Exception exception) when (IsTrouble(exception))
        {
            log(exception);
        }
    }

    private static bool IsTrouble(Exception exception) => exception is TimeoutException or OrleansException or IOException or ObjectDisposedException or InvalidOperationException;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Trouble with {What}; it goes on")]
    private partial void LogTrouble(string what, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job}, shard {Shard}, attempt {Attempt}: trouble with {What} the lease; it goes on")]
    private partial void LogLeaseTrouble(string what, string job, string shard, string attempt, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job}, shard {Shard}, attempt {Attempt}: the lease is over; the shard is dropped")]
    private partial void LogLost(string job, string shard, string attempt);
}
