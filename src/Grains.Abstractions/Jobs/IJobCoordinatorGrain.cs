namespace MaskRcnn.Grains.Jobs;

/// <summary>A job, as the rest of the cluster uses it. The same grain as <see cref="IJobGrain"/>.</summary>
[Alias("maskrcnn.job-coordinator")]
public interface IJobCoordinatorGrain : IGrainWithStringKey
{
    /// <summary>
    /// Wakes the job, if it has not ended: it looks at once how things stand, and then goes on by itself. Whoever has news for it
    /// says so by this; if that is lost, the job finds out a second later.
    /// </summary>
    /// <returns>Where it stands.</returns>
    [ResponseTimeout("00:00:30")]
    Task<JobState> Wake();

    /// <summary>A worker cannot work on the job: its model does not load, or its annotations do not fit the images.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="reason">Why.</param>
    /// <param name="isPermanent">Whether every other worker would meet the same.</param>
    [ResponseTimeout("00:00:10")]
    Task ReportFault(string worker, string reason, bool isPermanent);

    /// <summary>Does what is due after a job's end: deletes its parts.</summary>
    [ResponseTimeout("00:00:30")]
    Task<TidyReport> Tidy();
}

/// <summary>What is left to do after a job's end.</summary>
/// <param name="Next">When something is due again.</param>
/// <param name="IsOver">Whether the job need not be known any more.</param>
[GenerateSerializer, Immutable, Alias("maskrcnn.tidy-report")]
public sealed record TidyReport([property: Id(0)] DateTimeOffset Next, [property: Id(1)] bool IsOver);
