using System.Collections.Concurrent;
using MaskRcnn.Storage;
using Microsoft.Extensions.Logging;

namespace MaskRcnn.Grains.Workers;

/// <summary>
/// Evaluates, writes and commits finished shards on a thread of its own while the pipeline goes on. A few may wait; then the
/// pipeline waits too.
/// </summary>
internal sealed partial class ShardCommitter
{
    private readonly LeaseKeeper _leases;
    private readonly ILogger _logger;
    private readonly BlockingCollection<ShardTask> _shards;
    private readonly BackgroundThread _thread;
    private volatile bool _isStopping;

    public ShardCommitter(LeaseKeeper leases, int pending, ILogger logger)
    {
        (_leases, _logger) = (leases, logger);
        _shards = new BlockingCollection<ShardTask>(pending);
        _thread = new BackgroundThread("committer", _ => Work());
    }

    /// <summary>Takes a shard whose images are all out; waits while too many wait.</summary>
    public void Add(ShardTask shard) => _shards.Add(shard);

    /// <summary>Takes no more, and waits for those that are there.</summary>
    /// <param name="hurry">Whether those that are not begun are given back.</param>
    public void Finish(bool hurry)
    {
        _isStopping = hurry;
        _shards.CompleteAdding();
        ((IAsyncResult)_thread.End).AsyncWaitHandle.WaitOne();
    }

    private void Work()
    {
        foreach (ShardTask shard in _shards.GetConsumingEnumerable())
        {
            try
            {
                Commit(shard);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                LogNotCommitted(shard.Held.Lease.Shard.Id, exception);
                shard.Writer.AbandonAsync().GetAwaiter().GetResult();
                _leases.Release(shard.Held, exception.Message);
            }
            catch (Exception exception)
            {
                // A fault of ours: the shard goes back, and the error is seen in its attempts.
                LogNotCommitted(shard.Held.Lease.Shard.Id, exception);
                _leases.Release(shard.Held, exception.Message);
            }
        }
    }

    private void Commit(ShardTask shard)
    {
        if (shard.Failure is { } failure)
        {
            shard.Writer.AbandonAsync().GetAwaiter().GetResult();
            _leases.Release(shard.Held, failure.Message);
            return;
        }
        if (shard.Held.IsLost || _isStopping)
        {
            shard.Writer.AbandonAsync().GetAwaiter().GetResult();
            if (!shard.Held.IsLost) _leases.Release(shard.Held, null);
            return;
        }
        shard.Writer.FinishAsync(CancellationToken.None).GetAwaiter().GetResult();
        WriteResult result = shard.Writer.CommitAsync(CancellationToken.None).GetAwaiter().GetResult();
        // Mine or another's, the shard has a record; when nobody knows, the partition looks before it leases it again.
        if (result.Outcome == WriteOutcome.Unknown) _leases.Release(shard.Held, "nobody knows whether it was committed");
        else _leases.Complete(shard.Held);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Shard {Shard} could not be committed; it is given back")]
    private partial void LogNotCommitted(string shard, Exception exception);
}
