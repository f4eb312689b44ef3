namespace MaskRcnn.Grains.Jobs;

/// <summary>The list of jobs, as the rest of the cluster uses it. The same grain as <see cref="IJobIndexGrain"/>.</summary>
[Alias("maskrcnn.job-index-coordinator")]
public interface IJobIndexCoordinatorGrain : IGrainWithIntegerKey
{
    /// <summary>Wakes every job that has not ended.</summary>
    [ResponseTimeout("00:01:00")]
    Task WakeAll();

    /// <summary>Does what is due after the ends of jobs, of some at a time: deletes parts, and forgets jobs that ended long ago.</summary>
    [ResponseTimeout("00:01:00")]
    Task TidySome();
}
