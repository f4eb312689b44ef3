using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Grains.Documents;

/// <summary>Below the state root: a job, and where it writes.</summary>
/// <param name="Job">The job's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Output">The job's folder, as it may be shown.</param>
/// <param name="Created">When it was submitted.</param>
/// <param name="Addresses">If what opens the job's blobs is secret: that, and nowhere else; else null, and the URIs of <c>job.json</c> open them.</param>
public sealed record PointerDocument(string Job, string Name, string Output, DateTimeOffset Created, JobAddresses? Addresses = null)
{
    /// <summary>When the job was taken in by its folder; null: it was submitted here. It is known for as long from then on as from its end.</summary>
    public DateTimeOffset? TakenIn { get; init; }
}

/// <summary><c>end.json</c>: how a job ended.</summary>
/// <param name="State">A final state.</param>
/// <param name="Reason">Why, or null.</param>
/// <param name="Finished">When.</param>
/// <param name="Images">How its images stood then.</param>
/// <param name="ListingDone">Whether all of them were listed.</param>
public sealed record EndDocument(JobState State, string? Reason, DateTimeOffset Finished, ImageCounts Images, bool ListingDone)
{
    /// <summary>What devices were held for, by kind.</summary>
    public IReadOnlyList<DeviceTime> DeviceTime { get; init; } = [];
}

/// <summary><c>finished.json</c>, of a job that ended before its work was done: what is in its result.</summary>
/// <param name="Segments">Segments that were listed.</param>
/// <param name="Shards">Shards that were committed.</param>
public sealed record FinishedDocument(int Segments, IReadOnlyList<string> Shards);

/// <summary><c>start.json</c>: the first shard was leased; from then on the deadline is fixed.</summary>
/// <param name="Started">When.</param>
/// <param name="Deadline">When the job should be done.</param>
public sealed record StartDocument(DateTimeOffset Started, DateTimeOffset Deadline);

/// <summary><c>pause.json</c>: its user has paused the job; deleted when it is resumed.</summary>
/// <param name="Since">When.</param>
public sealed record PauseDocument(DateTimeOffset Since);

/// <summary>Below the state root: which job has a name, and what was asked for under it.</summary>
/// <param name="Job">The job's id.</param>
/// <param name="Created">When the name was taken.</param>
/// <param name="Specification">What was asked for, without secrets.</param>
public sealed record NameDocument(string Job, DateTimeOffset Created, JobSpecification Specification);
