using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Placement;
using MaskRcnn.Grains.Workers;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace MaskRcnn.Grains.Dispatch;

/// <summary>Keeps a <see cref="DispatchQueue"/>. It remembers nothing that jobs and workers do not say again within seconds.</summary>
[RequireSiloRole(SiloRoles.Coordinator)]
[Reentrant]
internal sealed partial class DispatcherGrain(TimeProvider time, ILogger<DispatcherGrain> logger) : Grain, IDispatcherGrain
{
    private readonly DispatchQueue _queue = new();

    public async Task<Lease?> Next(WorkerReport worker, CancellationToken cancellation)
    {
        _queue.Heard(worker, time.GetUtcNow());
        foreach ((string job, int partition) in _queue.Candidates().ToArray())
        {
            try
            {
                if (await Partition(job, partition).TryLease(worker.Worker) is { } lease) return lease;
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
        return Task.CompletedTask;
    }

    public async Task SiloDied(string silo)
    {
        _queue.SiloDied(silo);
        await Task.WhenAll(_queue.AllPartitions().ToArray().Select(p => Partition(p.Job, p.Partition).SiloDied(silo)));
    }

    public Task Announce(JobWork work)
    {
        _queue.Announce(work);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<WorkerReport>> ListWorkers(CancellationToken cancellation) => Task.FromResult(_queue.Workers(time.GetUtcNow()));

    private IPartitionGrain Partition(string job, int partition) => GrainFactory.GetGrain<IPartitionGrain>($"{job}/{partition}");

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job}: partition {Partition} did not answer a worker; the next one is asked")]
    private partial void LogPartitionFailed(string job, int partition, Exception exception);
}
