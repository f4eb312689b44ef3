using MaskRcnn.Grains.Dispatch;

namespace MaskRcnn.Grains.Jobs;

/// <summary>What a user asks for: one model over one collection. All URIs are absolute; they may hold a SAS, which is a secret.</summary>
[GenerateSerializer, Immutable, Alias("maskrcnn.job-specification")]
public sealed record JobSpecification
{
    /// <summary>What an evaluation may need when nothing is said.</summary>
    public const long DefaultMaxEvaluationBytes = 4_000_000_000;

    /// <summary>How long parts stay when nothing is said.</summary>
    public static readonly TimeSpan DefaultPartsKept = TimeSpan.FromDays(7);

    /// <summary>Seconds from a job's start in which it should be done, when nothing is said.</summary>
    public const double DefaultDeadlineSeconds = 3600;

    /// <summary>The job's name, unique in the cluster; null: the job's id is its name.</summary>
    [Id(0)] public string? Name { get; init; }

    /// <summary>The collection: a folder or a container's prefix, or a file that names or holds the images; see <see cref="Source"/>.</summary>
    [Id(1)] public required string Images { get; init; }

    /// <summary>The model file.</summary>
    [Id(2)] public required string Model { get; init; }

    /// <summary>Below this, in a folder named by the job's id, everything of the job is written.</summary>
    [Id(3)] public required string Output { get; init; }

    /// <summary>COCO ground truth, or null.</summary>
    [Id(4)] public string? Annotations { get; init; }

    /// <summary>Only images whose name matches (<c>*</c>, <c>?</c>, <c>**</c>); null: what ends as images do.</summary>
    [Id(5)] public string? Pattern { get; init; }

    /// <summary>Only the first so many images in name order; null for all.</summary>
    [Id(6)] public long? Limit { get; init; }

    /// <summary>Images of a shard, 1 to 4096; null: estimated for 10–30 s of work.</summary>
    [Id(7)] public int? ShardSize { get; init; }

    /// <summary>Detections need a score above this; null: the model's.</summary>
    [Id(8)] public double? ScoreThreshold { get; init; }

    /// <summary>Limits on detections of an image and category in the evaluation, ascending; null: 1, 10, 100.</summary>
    [Id(9)] public IReadOnlyList<int>? EvaluationLimits { get; init; }

    /// <summary>Above this part of failed images (0 to 1) the job fails; null: never.</summary>
    [Id(10)] public double? MaxFailureRate { get; init; }

    /// <summary>Higher goes first; default 0.</summary>
    [Id(11)] public int Priority { get; init; }

    /// <summary><c>fp32</c> or <c>bf16</c>.</summary>
    [Id(12)] public string Precision { get; init; } = "fp32";

    /// <summary>Also write masks as PNG into the archive.</summary>
    [Id(13)] public bool Png { get; init; }

    /// <summary>Keep the attempts' parts for ever.</summary>
    [Id(14)] public bool KeepParts { get; init; }

    /// <summary>Ask a GPU for the same bits every time, at the cost of speed.</summary>
    [Id(15)] public bool Deterministic { get; init; }

    /// <summary>Seconds that one image may take before its worker is given up, above 0.</summary>
    [Id(16)] public double ImageSeconds { get; init; } = 120;

    /// <summary>Images given to the model at once, 1 to 1024; null: the device's default. Results do not depend on it.</summary>
    [Id(17)] public int? BatchSize { get; init; }

    /// <summary>Whether 256-pixel thumbnails are made.</summary>
    [Id(18)] public bool Thumbnails { get; init; } = true;

    /// <summary>Its part of the devices, against those of other jobs of its priority; above 0, at most 1000.</summary>
    [Id(19)] public double Weight { get; init; } = 1;

    /// <summary>On whose account it runs, for the limits on devices; null: nobody's.</summary>
    [Id(20)] public string? Tenant { get; init; }

    /// <summary>The pool of workers that works on it.</summary>
    [Id(21)] public string Pool { get; init; } = JobWork.DefaultPool;

    /// <summary>Seconds from its start in which it should be done, above 0: from this, and how long images take, follows how many workers are wanted.</summary>
    [Id(22)] public double DeadlineSeconds { get; init; } = DefaultDeadlineSeconds;

    /// <summary>Most workers that are wanted for it, at least 1; null: the cluster's setting.</summary>
    [Id(23)] public int? MaxWorkers { get; init; }

    /// <summary>What <see cref="Images"/> is: <c>folder</c>, <c>manifest</c>, <c>coco</c> or <c>tar</c>; null: told by how it ends.</summary>
    [Id(24)] public string? Source { get; init; }

    /// <summary>Where the names of a manifest or COCO file begin; null: in the file's own folder.</summary>
    [Id(25)] public string? ImagesRoot { get; init; }

    /// <summary>Seconds from the job's end for which the attempts' parts stay, at least 0: a retry needs them. Null: 7 days.</summary>
    [Id(26)] public double? KeepPartsSeconds { get; init; }

    /// <summary>Most bytes of a reducer's memory that the evaluation may need, at least 1; null: 4 GB. It grows with images and categories.</summary>
    [Id(27)] public long? MaxEvaluationBytes { get; init; }

    /// <summary>How long parts stay after the job's end; null: for ever.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public TimeSpan? PartsKept => KeepParts ? null : KeepPartsSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultPartsKept;

    /// <summary>With what a client of the first version does not send, who has no pools: read from the wire, these are 0 and null then.</summary>
    public JobSpecification Completed() => Pool is null ? this with { Weight = 1, Pool = JobWork.DefaultPool, DeadlineSeconds = DefaultDeadlineSeconds } : this;

    /// <summary>The name alone: calls are logged with what they carry, and a SAS must not be.</summary>
    public override string ToString() => $"{nameof(JobSpecification)} {Name}";
}
