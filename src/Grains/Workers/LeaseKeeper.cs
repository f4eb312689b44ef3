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
    /// <summary>So long after a lease was given nothing else is taken to have come.</summary>
    private static readonly TimeSpan FreshLease = TimeSpan.FromMilliseconds(250);

    private readonly IGrainFactory _grains;
    private readonly WorkerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Func<WorkerReport> _report;
    private readonly Dictionary<LeaseKey, HeldLease> _held = [];
    private BackgroundThread? _renewing;

    public LeaseKeeper(WorkerServices services, WorkerOptions options, Func<WorkerReport> report) =>
        (_grains, _time, _logger, _options, _report) = (services.Grains, services.Time, services.Logger, options, report);

    /// <summary>The leases that are held.</summary>
    public IReadOnlyList<HeldLease> Held
    {
        get
        {
            lock (_held) return [.. _held.Values];
        }
    }

    /// <summary>A lease, or null when there is none to have now; it may take about a second to say so. One that comes when it is to stop is given back.</summary>
    public HeldLease? TryNext(CancellationToken stop)
    {
        try
        {
            WorkerReport report = _report();
            // The answer is waited for in any case: a lease that came when nobody listened would be taken for one that is worked on.
            if (_grains.GetGrain<IDispatcherGrain>(0).Next(report, CancellationToken.None).GetAwaiter().GetResult() is not { } lease) return null;
            var held = new HeldLease(lease, _grains.GetGrain<IPartitionGrain>($"{lease.Job}/{lease.Partition}"), new ShardTrace(lease, report.Device), _time.GetTimestamp());
            lock (_held) _held[held.Key] = held;
            if (!stop.IsCancellationRequested) return held;
            // All leases may have been given back while this one came: nobody would work on it, and it would be renewed for ever.
            Release(held, null);
            return null;
        }
        catch (Exception exception) when (IsTrouble(exception))
        {
            LogTrouble("asking for work", exception);
            stop.WaitHandle.WaitOne(_options.TroubleWait);
            return null;
        }
    }

    /// <summary>Whether a job of higher priority waits for this worker, which has had a lease for a while and not begun it.</summary>
    public bool IsOutranked(HeldLease held)
    {
        if (held.Lease.Alone || _time.GetElapsedTime(held.Since) < FreshLease) return false;
        try
        {
            return _grains.GetGrain<IDispatcherGrain>(0).IsOutranked(_report().Worker, held.Lease.Job).GetAwaiter().GetResult();
        }
        catch (Exception exception) when (IsTrouble(exception))
        {
            LogTrouble("asking for the order", exception);
            return false;
        }
    }

    /// <summary>Tells the partition that the first image is begun; false when the lease is over.</summary>
    public bool Begin(HeldLease held)
    {
        if (!held.TryBegin()) return false;
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
        CallAsync("completing", held, () => held.Partition.Complete(held.Key)).GetAwaiter().GetResult();
    }

    /// <summary>Gives a shard back.</summary>
    public void Release(HeldLease held, string? reason) => ReleaseAsync(held, reason).GetAwaiter().GetResult();

    /// <summary>Gives all shards back.</summary>
    public void ReleaseAll(string? reason)
    {
        foreach (HeldLease held in Held) Release(held, reason);
    }

    /// <summary>Gives back, all at once, the shards of which no image was begun. Those that come later are the business of <see cref="TryNext"/>.</summary>
    public Task ReleaseUnstartedAsync() => Task.WhenAll(Held.Where(held => held.TryGiveBack()).Select(held => ReleaseAsync(held, null)));

    /// <summary>Tells the dispatcher at once how the worker stands, so that it keeps no question of one that leaves.</summary>
    public Task TellAsync() => Quietly(() => _grains.GetGrain<IDispatcherGrain>(0).Heartbeat(_report()), exception => LogTrouble("a heartbeat", exception));

    /// <summary>Holds a lease no more; false when it was not held.</summary>
    public bool Forget(HeldLease held)
    {
        lock (_held) return _held.Remove(held.Key);
    }

    /// <summary>Begins to renew, and to report: not before what reports is whole.</summary>
    public void Start() => _renewing = new BackgroundThread("leases", Renew);

    /// <summary>Renews no more.</summary>
    public void Stop() => _renewing?.Stop();

    private void Lose(HeldLease held)
    {
        held.Lose();
        held.Trace.End(AttemptOutcomes.Lost);
        if (Forget(held)) LogLost(held.Lease.Job, held.Lease.Shard.Id, held.Lease.Attempt);
    }

    private Task ReleaseAsync(HeldLease held, string? reason)
    {
        held.Lose();
        Forget(held);
        held.Trace.End(reason is null ? AttemptOutcomes.GivenBack : AttemptOutcomes.Failed);
        return CallAsync("giving back", held, () => held.Partition.Release(held.Key, reason));
    }

    /// <summary>A coordinator that leaves takes a moment until its grains are elsewhere.</summary>
    private async Task CallAsync(string what, HeldLease held, Func<Task> call)
    {
        const int Tries = 5;
        for (int i = 0; i < Tries; i++)
        {
            if (i > 0) await Task.Delay(_options.TroubleWait, _time);
            try
            {
                await call();
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
            Task[] calls = [TellAsync(), .. held.Select(h => Quietly(() => RenewAsync(h), exception => LogLeaseTrouble("renewing", h.Lease.Job, h.Lease.Shard.Id, h.Lease.Attempt, exception)))];
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

    /// <summary>
    /// Whatever a call fails by: a coordinator that leaves cancels calls, though nobody here has. The worker goes on, and it may be another
    /// coordinator the next time.
    /// </summary>
    private static bool IsTrouble(Exception exception) => exception is not OutOfMemoryException;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Trouble with {What}; it goes on")]
    private partial void LogTrouble(string what, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job}, shard {Shard}, attempt {Attempt}: trouble with {What} the lease; it goes on")]
    private partial void LogLeaseTrouble(string what, string job, string shard, string attempt, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job}, shard {Shard}, attempt {Attempt}: the lease is over; the shard is dropped")]
    private partial void LogLost(string job, string shard, string attempt);
}
