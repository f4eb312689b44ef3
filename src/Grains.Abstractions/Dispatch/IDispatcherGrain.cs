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
}

/// <summary>What there is to do of a job.</summary>
/// <param name="Job">The job.</param>
/// <param name="Priority">Higher goes first.</param>
/// <param name="Created">Of equal priority the earlier goes first.</param>
/// <param name="Partitions">Partitions with shards that are not committed; empty when there is nothing to do, or nothing shall be done.</param>
[GenerateSerializer, Immutable, Alias("maskrcnn.job-work")]
public sealed record JobWork([property: Id(0)] string Job, [property: Id(1)] int Priority, [property: Id(2)] DateTimeOffset Created, [property: Id(3)] IReadOnlyList<int> Partitions);
