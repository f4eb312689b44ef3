namespace MaskRcnn.Grains.Jobs;

/// <summary>A job, as clients use it. The key is its id.</summary>
[Alias("maskrcnn.job")]
public interface IJobGrain : IGrainWithStringKey
{
    /// <summary>Where it stands.</summary>
    /// <exception cref="JobNotFoundException">There is no such job.</exception>
    [ResponseTimeout("00:00:10")]
    Task<JobStatus> GetStatus(CancellationToken cancellation = default);

    /// <summary>Leases, attempts and workers.</summary>
    [ResponseTimeout("00:00:10")]
    Task<JobDescription> Describe(CancellationToken cancellation = default);

    /// <summary>What opens the job's folder, for those who read its result: the status has it without its SAS.</summary>
    [ResponseTimeout("00:00:10")]
    Task<OutputAddress> GetOutputAddress(CancellationToken cancellation = default);

    /// <summary>No new shards are handed out; those that are leased are finished. Of a paused job nothing changes.</summary>
    /// <exception cref="JobStateException">It has ended.</exception>
    [ResponseTimeout("00:00:10")]
    Task<JobStatus> Pause(CancellationToken cancellation = default);

    /// <summary>Goes on. Of a running job nothing changes.</summary>
    /// <exception cref="JobStateException">It has ended.</exception>
    [ResponseTimeout("00:00:10")]
    Task<JobStatus> Resume(CancellationToken cancellation = default);

    /// <summary>Ends it without a result. Of a cancelled job nothing changes.</summary>
    /// <exception cref="JobStateException">It has ended otherwise.</exception>
    [ResponseTimeout("00:00:10")]
    Task<JobStatus> Cancel(CancellationToken cancellation = default);

    /// <summary>Does again what has no result, as a new generation, whose result then is the job's. Call it by the index, which wakes the job after a crash.</summary>
    /// <param name="onlyFailed">Whether only images that failed are meant: a job that did not come to all of its images is refused.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="JobStateException">It has not ended, there is nothing to do, or what it has is gone.</exception>
    [ResponseTimeout("00:00:30")]
    Task<JobStatus> Retry(bool onlyFailed, CancellationToken cancellation = default);
}
