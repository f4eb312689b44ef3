namespace MaskRcnn.Grains.Jobs;

/// <summary>All jobs of the cluster: names, submission, the list. There is one, with key 0.</summary>
[Alias("maskrcnn.job-index")]
public interface IJobIndexGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Takes a job. The same name with the same parameters returns the job there is; so a submission may be repeated when its
    /// answer was lost, if it has a name.
    /// </summary>
    /// <param name="specification">What is asked for.</param>
    /// <param name="cancellation">Stops waiting; the job may have been taken.</param>
    /// <exception cref="JobRejectedException">It cannot be; every problem is named.</exception>
    /// <exception cref="JobConflictException">The name is taken by a job with other parameters.</exception>
    [ResponseTimeout("00:02:00")]
    Task<SubmitReceipt> Submit(JobSpecification specification, CancellationToken cancellation = default);

    /// <summary>Takes in a job whose folder is given, and wakes it. One that is known already is only woken.</summary>
    /// <param name="recovery">Where it is.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="JobRejectedException">There is no job in the folder, or what opens its blobs is not known; every problem is named.</exception>
    /// <exception cref="JobConflictException">Its name is another job's here.</exception>
    [ResponseTimeout("00:00:30")]
    Task<SubmitReceipt> Recover(JobRecovery recovery, CancellationToken cancellation = default);

    /// <summary>Does again what of a job that has ended has no result.</summary>
    /// <param name="job">The job's id.</param>
    /// <param name="onlyFailed">Whether only images that failed are meant: a job that did not come to all of its images is refused.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="JobStateException">It has not ended, there is nothing to do, or what it has is gone.</exception>
    [ResponseTimeout("00:00:30")]
    Task<JobStatus> Retry(string job, bool onlyFailed, CancellationToken cancellation = default);

    /// <summary>The id of a job by its id or name.</summary>
    /// <exception cref="JobNotFoundException">There is none.</exception>
    [ResponseTimeout("00:00:10")]
    Task<string> Resolve(string jobOrName, CancellationToken cancellation = default);

    /// <summary>Jobs, newest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="cancellation">Stops waiting.</param>
    [ResponseTimeout("00:00:30")]
    Task<JobPage> List(JobFilter filter, CancellationToken cancellation = default);

    /// <summary>Forgets a job that has ended: its name is free, and it is listed no more. Its blobs stay unless asked otherwise.</summary>
    /// <param name="job">The job's id.</param>
    /// <param name="withOutput">Whether everything that it wrote is deleted too.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="JobStateException">It has not ended.</exception>
    [ResponseTimeout("00:10:00")]
    Task Delete(string job, bool withOutput, CancellationToken cancellation = default);
}

/// <summary>Which jobs to list.</summary>
[GenerateSerializer, Immutable, Alias("maskrcnn.job-filter")]
public sealed record JobFilter
{
    /// <summary>Only jobs in one of these states; empty for all.</summary>
    [Id(0)] public IReadOnlyList<JobState> States { get; init; } = [];

    /// <summary>Only names that contain this; null for all.</summary>
    [Id(1)] public string? NameContains { get; init; }

    /// <summary>Where the last page ended; null to begin.</summary>
    [Id(2)] public string? After { get; init; }

    /// <summary>Most jobs of a page, 1 to 1000.</summary>
    [Id(3)] public int PageSize { get; init; } = 100;
}

/// <summary>A page of jobs.</summary>
/// <param name="Jobs">Newest first.</param>
/// <param name="Next">For <see cref="JobFilter.After"/>; null at the end.</param>
[GenerateSerializer, Immutable, Alias("maskrcnn.job-page")]
public sealed record JobPage([property: Id(0)] IReadOnlyList<JobStatus> Jobs, [property: Id(1)] string? Next);
