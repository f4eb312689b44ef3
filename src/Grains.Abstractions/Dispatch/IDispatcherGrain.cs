using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Workers;

namespace MaskRcnn.Grains.Dispatch;

/// <summary>Which job and which shard, for a worker that asks. There is one, with key 0.</summary>
[Alias("maskrcnn.dispatcher")]
public interface IDispatcherGrain : IGrainWithIntegerKey
{
    /// <summary>Work for a worker. When there is none it waits for about a second; null when there is still none.</summary>
    /// <param name="worker">The worker as it is; a heartbeat, too.</param>
    /// <param name="cancellation">Stops waiting; a lease given meanwhile runs out.</param>
    [ResponseTimeout("00:00:05")]
    Task<Lease?> Next(WorkerReport worker, CancellationToken cancellation = default);

    /// <summary>Whether a worker should give back a shard that it has not begun, as a job of higher priority waits for it.</summary>
    /// <param name="worker">The worker's id.</param>
    /// <param name="job">The shard's job.</param>
    [ResponseTimeout("00:00:01")]
    Task<bool> IsOutranked(string worker, string job);

    /// <summary>A sign of life, also while there is no need of work.</summary>
    [ResponseTimeout("00:00:05")]
    Task Heartbeat(WorkerReport worker, CancellationToken cancellation = default);

    /// <summary>A silo is dead, by Orleans' membership: its leases end at once.</summary>
    /// <param name="silo">Its address, as in <see cref="WorkerReport.Worker"/>.</param>
    [ResponseTimeout("00:00:05")]
    Task SiloDied(string silo);

    /// <summary>A job has shards to work on, or has them no more.</summary>
    /// <param name="work">What there is; replaces what was known of the job.</param>
    [ResponseTimeout("00:00:05")]
    Task Announce(JobWork work);

    /// <summary>The workers that were heard of in the last minute.</summary>
    [ResponseTimeout("00:00:05")]
    Task<IReadOnlyList<WorkerReport>> ListWorkers(CancellationToken cancellation = default);

    /// <summary>How many workers a pool should have.</summary>
    /// <param name="pool">The pool; null: every pool that has a worker or a job.</param>
    /// <param name="cancellation">Stops it.</param>
    [ResponseTimeout("00:00:05")]
    Task<IReadOnlyList<ScalingSignal>> GetScaling(string? pool = null, CancellationToken cancellation = default);
}
