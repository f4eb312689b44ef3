using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using MaskRcnn.Coco.Json;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Results.Parts;
using MaskRcnn.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace MaskRcnn.Grains.Workers;

/// <summary>
/// Evaluates, writes and commits finished shards on a thread of its own while the pipeline goes on. A few may wait; then the
/// pipeline waits too.
/// </summary>
internal sealed partial class ShardCommitter : IDisposable
{
    private readonly LeaseKeeper _leases;
    private readonly Action<HeldLease, string, bool> _reportFault;
    private readonly ILogger _logger;
    private readonly BlockingCollection<ShardTask> _shards;
    private readonly BackgroundThread _thread;
    private volatile bool _isStopping;
    private readonly Lock _finishing = new();
    private bool _isFinished;

    public ShardCommitter(LeaseKeeper leases, int pending, Action<HeldLease, string, bool> reportFault, ILogger logger)
    {
        (_leases, _reportFault, _logger) = (leases, reportFault, logger);
        _shards = new BlockingCollection<ShardTask>(pending);
        _thread = new BackgroundThread("committer", _ => Work());
    }

    /// <summary>Shards that wait.</summary>
    public int Waiting => _shards.Count;

    /// <summary>Takes a shard whose images are all out; waits while too many wait.</summary>
    public void Add(ShardTask shard) => _shards.Add(shard);

    /// <summary>Those whose commit is not begun are given back from now on.</summary>
    public void Hurry() => _isStopping = true;

    /// <summary>Takes no more, and waits for those that are there; may be called again, by another thread too.</summary>
    public void Finish()
    {
        lock (_finishing)
        {
            if (!_isFinished) _shards.CompleteAdding();
            _isFinished = true;
        }
        ((IAsyncResult)_thread.End).AsyncWaitHandle.WaitOne();
    }

    public void Dispose() => _shards.Dispose();

    private void Work()
    {
        foreach (ShardTask shard in _shards.GetConsumingEnumerable())
        {
            try
            {
                Commit(shard);
            }
            catch (Exception exception)
            {
                // The store, or a fault of ours: the shard goes back, and the error is seen in its attempts.
                LogNotCommitted(shard.Held.Lease.Job, shard.Held.Lease.Shard.Id, shard.Held.Lease.Attempt, exception);
                if (exception is CocoFormatException) _reportFault(shard.Held, exception.Message, true);
                if (!shard.CommitBegan) Abandon(shard);
                _leases.Release(shard.Held, exception.Message);
            }
        }
    }

    private void Commit(ShardTask shard)
    {
        if (shard.Failure is { } failure) ExceptionDispatchInfo.Throw(failure);
        // Cut before the first image: nothing to commit.
        if (shard.Held.IsLost || _isStopping || shard.Count == 0)
        {
            Abandon(shard);
            if (!shard.Held.IsLost) _leases.Release(shard.Held, null);
            return;
        }
        CommitOutcome outcome = shard.Count == shard.Images.Count ? CommitWhole(shard) : CommitPrefix(shard);
        shard.Held.Trace.End(outcome switch { CommitOutcome.Mine => AttemptOutcomes.Committed, CommitOutcome.Anothers => AttemptOutcomes.Anothers, _ => AttemptOutcomes.Unknown });
        shard.Writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
        // Mine or another's, the shard has a record; when nobody knows, the partition looks before it leases it again.
        if (outcome == CommitOutcome.Unknown) _leases.Release(shard.Held, shard.Writer.CommitFailure?.Message ?? "nobody knows whether it was committed");
        else _leases.Complete(shard.Held);
    }

    private static CommitOutcome CommitWhole(ShardTask shard)
    {
        long start = Stopwatch.GetTimestamp();
        CommitRecord record = Timed(shard.Writer.FinishAsync(CancellationToken.None).GetAwaiter().GetResult(), shard);
        shard.Held.Trace.Stage(Stages.Finish, start);
        return Put(shard, record);
    }

    /// <summary>What is finished becomes the first child. Only where the split is ours: beside another record a child's would be read by nobody.</summary>
    private CommitOutcome CommitPrefix(ShardTask shard)
    {
        long start = Stopwatch.GetTimestamp();
        (CommitRecord split, CommitRecord prefix) = shard.Writer.FinishPrefixAsync(CancellationToken.None).GetAwaiter().GetResult();
        shard.Held.Trace.Stage(Stages.Finish, start);
        // The time is that of the images, which are in the child.
        prefix = Timed(prefix, shard);
        CommitOutcome outcome = Put(shard, split);
        if (outcome != CommitOutcome.Mine) return outcome;
        LogCut(shard.Held.Lease.Job, split.Shard, split.Attempt, prefix.Count, split.Count - prefix.Count);
        return Put(shard, prefix);
    }

    private static CommitRecord Timed(CommitRecord record, ShardTask shard) => record with { Run = record.Run! with { DeviceTime = shard.DeviceTime } };

    private static CommitOutcome Put(ShardTask shard, CommitRecord record)
    {
        long start = Stopwatch.GetTimestamp();
        shard.CommitBegan = true;
        CommitOutcome outcome = shard.Writer.CommitAsync(record, CancellationToken.None).GetAwaiter().GetResult();
        shard.Held.Trace.Stage(Stages.Commit, start);
        return outcome;
    }

    /// <summary>Removes what the attempt has written, as far as that can be done: the reducer finds the rest.</summary>
    private void Abandon(ShardTask shard)
    {
        try
        {
            shard.Writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
            shard.Writer.DeletePartsAsync(CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotAbandoned(shard.Held.Lease.Job, shard.Held.Lease.Shard.Id, shard.Held.Lease.Attempt, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job}, shard {Shard}, attempt {Attempt}: it is cut; {Finished} images are committed, {Rest} go back")]
    private partial void LogCut(string job, string shard, string attempt, int finished, int rest);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job}, shard {Shard}, attempt {Attempt}: its parts could not be removed; the reducer does that")]
    private partial void LogNotAbandoned(string job, string shard, string attempt, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {Job}, shard {Shard}, attempt {Attempt}: it could not be committed; it is given back")]
    private partial void LogNotCommitted(string job, string shard, string attempt, Exception exception);
}
