using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Grains.Documents;

/// <summary><c>commits/&lt;shard&gt;.json</c>: what the shard's result is. Immutable; the first one put wins.</summary>
public sealed record CommitRecord
{
    /// <summary>Version of this document.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>The shard.</summary>
    public required string Shard { get; init; }

    /// <summary>The segment that names its images.</summary>
    public required int Segment { get; init; }

    /// <summary>Ordinal of its first image.</summary>
    public required long First { get; init; }

    /// <summary>Its images.</summary>
    public required int Count { get; init; }

    /// <summary>The attempt whose result it is; for a split or a given-up image, that of the partition's put, or of the worker that left.</summary>
    public required string Attempt { get; init; }

    /// <summary>
    /// The shard below whose name the parts are; null: this one. A worker that leaves has begun on the parent when it commits what is
    /// finished as the first child.
    /// </summary>
    public string? PartsOf { get; init; }

    /// <summary>The parts of the result, in the order of their names; empty if it was split or given up.</summary>
    public IReadOnlyList<PartReference> Parts { get; init; } = [];

    /// <summary>Images with a result.</summary>
    public int Done { get; init; }

    /// <summary>Images that are errors. Without a split, done + failed = count.</summary>
    public int Failed { get; init; }

    /// <summary>Detections in all.</summary>
    public long Detections { get; init; }

    /// <summary>Those of images that the ground truth has; 0 without ground truth.</summary>
    public long EvaluatedDetections { get; init; }

    /// <summary>If it was split: the images of each child, in order; they sum to the count. Child i has the id <c>&lt;shard&gt;.i</c>.</summary>
    public IReadOnlyList<int>? Children { get; init; }

    /// <summary>True if the partition split it as fewer shards waited than there were workers, which is no suspicion; else null.</summary>
    public bool? IsDivision { get; init; }

    /// <summary>If its only image was given up: the error.</summary>
    public ImageError? GivenUp { get; init; }

    /// <summary>
    /// The worker, and when: not part of what is compared between runs. Of a split: the worker that left in the middle; null if the
    /// partition split it, which is a suspicion against the children, unless it is a division.
    /// </summary>
    public RunDetails? Run { get; init; }
}

/// <summary>A part of an attempt.</summary>
/// <param name="Name">Its blob, below the job's folder.</param>
/// <param name="ETag">Its version.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Hash of the bytes, lower-case hexadecimal.</param>
public sealed record PartReference(string Name, string ETag, long Size, string Sha256);

/// <summary>A line of <c>errors.jsonl</c>.</summary>
/// <param name="Image">The image's name.</param>
/// <param name="Shard">The planned shard: children are named by their first ancestor, so that the line does not depend on the run.</param>
/// <param name="Cause">One of <see cref="ImageErrorCauses"/>.</param>
/// <param name="Detail">What was found and what was expected. No times, hosts or ETags.</param>
public sealed record ImageError(string Image, string Shard, string Cause, string Detail);

/// <summary>Who worked on it, and how long.</summary>
/// <param name="Worker">The worker.</param>
/// <param name="Started">When the first image was read.</param>
/// <param name="Finished">When the parts were written.</param>
/// <param name="Threads">
/// How many threads computed. With AVX-512 results do not depend on it; where libtorch computes, <c>predict --threads</c>
/// repeats them.
/// </param>
public sealed record RunDetails(string Worker, DateTimeOffset Started, DateTimeOffset Finished, int? Threads = null)
{
    /// <summary>What its device was held for; null: nobody measured it.</summary>
    public DeviceTime? DeviceTime { get; init; }
}
