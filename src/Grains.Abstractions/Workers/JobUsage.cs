namespace MaskRcnn.Grains.Workers;

/// <summary>What a worker has done for a job since it began: both only grow.</summary>
/// <param name="Job">The job.</param>
/// <param name="Seconds">Device-seconds: the time from one image's end to the next one's is the latter's job's.</param>
/// <param name="Images">Images.</param>
[GenerateSerializer, Immutable, Alias("maskrcnn.job-usage")]
public sealed record JobUsage([property: Id(0)] string Job, [property: Id(1)] double Seconds, [property: Id(2)] long Images);
