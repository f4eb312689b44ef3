namespace MaskRcnn.Grains.Jobs;

/// <summary>A job, as the rest of the cluster uses it. The same grain as <see cref="IJobGrain"/>.</summary>
[Alias("maskrcnn.job-coordinator")]
public interface IJobCoordinatorGrain : IGrainWithStringKey
{
    /// <summary>Wakes the job, if it has not ended. It then goes on by itself.</summary>
    /// <returns>Where it stands.</returns>
    [ResponseTimeout("00:00:30")]
    Task<JobState> Wake();

    /// <summary>A worker could not load the job's model.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="reason">Why.</param>
    [ResponseTimeout("00:00:05")]
    Task ModelFailed(string worker, string reason);
}
