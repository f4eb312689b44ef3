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
internal sealed partial class DispatcherGrain(TimeProvider time, ILogger<DispatcherGrain> logger) : Grain, IDispatcherGrain
{
    /// <summary>How long a worker's question is kept when there is nothing to do: work that comes meanwhile is begun at once.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly DispatchQueue _queue = new();
    private readonly DispatcherGauges _gauges = new();

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

    private async Task<Lease?> LeaseAsync(WorkerReport worker)
    {
        foreach ((string job, int partition) in _queue.Candidates().ToArray())
        {
            try
            {
                if (await Partition(job, partition).TryLease(worker.Worker) is { } lease)
                {
                    Remember(worker.Worker, job, partition);
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
        _gauges.Workers = _queue.Workers(time.GetUtcNow()).Count;
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
        _queue.Announce(work);
        if (work.Partitions.Count > 0) AnswerAll();
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<WorkerReport>> ListWorkers(CancellationToken cancellation)
    {
        IReadOnlyList<WorkerReport> workers = _queue.Workers(time.GetUtcNow());
        _gauges.Workers = workers.Count;
        return Task.FromResult(workers);
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
