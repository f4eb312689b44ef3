using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Placement;
using MaskRcnn.Grains.Telemetry;
using MaskRcnn.Grains.Workers;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace MaskRcnn.Grains.Dispatch;

/// <summary>Keeps a <see cref="DispatchQueue"/>. It remembers nothing that jobs and workers do not say again within seconds.</summary>
[RequireSiloRole(SiloRoles.Coordinator)]
[Reentrant]
internal sealed partial class DispatcherGrain(DispatchOptions options, TimeProvider time, ILogger<DispatcherGrain> logger) : Grain, IDispatcherGrain
{
    /// <summary>How long a worker's question is kept when there is nothing to do: work that comes meanwhile is begun at once.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan BetweenGauges = TimeSpan.FromSeconds(1);

    private readonly DispatchQueue _queue = new(options);
    private readonly DispatcherGauges _gauges = new();
    private long? _gauged;

    /// <summary>Which partitions a silo's workers have shards of, at most: to tell them at once when it dies.</summary>
    private readonly Dictionary<string, HashSet<(string Job, int Partition)>> _leasedTo = new(StringComparer.Ordinal);

    private TaskCompletionSource _work = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        CoordinatorMetrics.Dispatchers.Add(_gauges);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        CoordinatorMetrics.Dispatchers.Remove(_gauges);
        return Task.CompletedTask;
    }

    public async Task<Lease?> Next(WorkerReport worker, CancellationToken cancellation)
    {
        _queue.Heard(worker, time.GetUtcNow());
        // Taken before: what is announced while partitions are asked must not be missed.
        Task work = _work.Task;
        if (await LeaseAsync(worker) is { } lease) return lease;
        await Task.WhenAny(work, Task.Delay(Patience, time, cancellation));
        return cancellation.IsCancellationRequested || _queue.IsLeaving(worker.Worker) ? null : await LeaseAsync(worker);
    }

    public Task<bool> IsOutranked(string worker, string job) => Task.FromResult(_queue.IsOutranked(worker, job, time.GetUtcNow()));

    private async Task<Lease?> LeaseAsync(WorkerReport worker) =>
        await LeaseAsync(worker, _queue.Candidates(worker, time.GetUtcNow()), partition => _queue.Pieces(worker, time.GetUtcNow()) is > 1 and int pieces ? partition.TryLease(worker.Worker, pieces) : partition.TryLease(worker.Worker))
        // Nothing waits: one that has nothing to do takes what others have not begun, or is done sooner than they are.
        ?? (worker.Shards.Count > 0 ? null : await LeaseAsync(worker, _queue.Stragglers(worker, time.GetUtcNow()), partition => _queue.Idle(worker, time.GetUtcNow()) is > 1 and int idle ? partition.TryLeaseAgain(worker.Worker, idle) : partition.TryLeaseAgain(worker.Worker)));

    private async Task<Lease?> LeaseAsync(WorkerReport worker, IEnumerable<(string Job, int Partition)> candidates, Func<IPartitionGrain, Task<Lease?>> ask)
    {
        foreach ((string job, int partition) in candidates.ToArray())
        {
            try
            {
                if (await ask(Partition(job, partition)) is { } lease)
                {
                    Remember(worker.Worker, job, partition);
                    _queue.Leased(worker.Worker, lease, time.GetUtcNow());
                    return lease;
                }
                // Until its job announces it again.
                _queue.Exhausted(job, partition);
            }
            catch (Exception exception) when (exception is TimeoutException or OrleansException or IOException)
            {
                // One partition in trouble holds up nobody.
                LogPartitionFailed(job, partition, exception);
            }
        }
        return null;
    }

    public Task Heartbeat(WorkerReport worker, CancellationToken cancellation)
    {
        _queue.Heard(worker, time.GetUtcNow());
        Gauge();
        // Its question is answered now, so that it need not wait for that.
        if (_queue.IsLeaving(worker.Worker)) AnswerAll();
        return Task.CompletedTask;
    }

    public async Task SiloDied(string silo)
    {
        _queue.SiloDied(silo);
        if (_leasedTo.Remove(silo, out HashSet<(string Job, int Partition)>? partitions))
            await Task.WhenAll(partitions.Select(p => Partition(p.Job, p.Partition).SiloDied(silo)));
    }

    public Task Announce(JobWork work)
    {
        _queue.Announce(work, time.GetUtcNow());
        if (work.HasEnded)
        {
            foreach (HashSet<(string Job, int Partition)> partitions in _leasedTo.Values) partitions.RemoveWhere(partition => partition.Job == work.Job);
        }
        if (work.Partitions.Count > 0 || work.Stragglers.Count > 0) AnswerAll();
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<WorkerReport>> ListWorkers(CancellationToken cancellation)
    {
        IReadOnlyList<WorkerReport> workers = _queue.Workers(time.GetUtcNow());
        return Task.FromResult(workers);
    }

    public Task<IReadOnlyList<ScalingSignal>> GetScaling(string? pool, CancellationToken cancellation) => Task.FromResult(_queue.Scaling(pool, time.GetUtcNow()));

    /// <summary>Not at every heartbeat of a thousand workers.</summary>
    private void Gauge()
    {
        if (_gauged is { } last && time.GetElapsedTime(last) < BetweenGauges) return;
        _gauged = time.GetTimestamp();
        _gauges.Set(_queue.Workers(time.GetUtcNow()).Count, _queue.Scaling(null, time.GetUtcNow()));
    }

    private void AnswerAll()
    {
        _work.SetResult();
        _work = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private void Remember(string worker, string job, int partition)
    {
        string silo = worker[..worker.LastIndexOf('/')];
        if (!_leasedTo.TryGetValue(silo, out HashSet<(string Job, int Partition)>? partitions)) _leasedTo.Add(silo, partitions = []);
        partitions.Add((job, partition));
    }

    private IPartitionGrain Partition(string job, int partition) => GrainFactory.GetGrain<IPartitionGrain>($"{job}/{partition}");

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job}: partition {Partition} did not answer a worker; the next one is asked")]
    private partial void LogPartitionFailed(string job, int partition, Exception exception);
}
