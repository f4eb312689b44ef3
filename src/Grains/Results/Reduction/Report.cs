using System.Text.Json.Serialization;
using MaskRcnn.Coco.Evaluation.Files;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Grains.Results.Reduction;

/// <summary>What the report says; a function of the collection, the model and the job's parameters alone. So it has no name: that may be the job's id.</summary>
internal sealed record Report
{
    /// <summary>The numbers of images and detections.</summary>
    public required ReportCounts Counts { get; init; }

    /// <summary>The evaluation by IoU type; empty without ground truth.</summary>
    public required IReadOnlyList<FileEvaluationReport> Evaluations { get; init; }

    /// <summary>What failed, by cause.</summary>
    public required IReadOnlyList<FailureGroup> Failures { get; init; }

    /// <summary>What the result depends on.</summary>
    public required ReportParameters Parameters { get; init; }

    /// <summary>The model.</summary>
    public required ReportModel Model { get; init; }
}

/// <summary>Numbers of a job.</summary>
internal sealed record ReportCounts(long Images, long Done, long Failed, long Detections, long Skipped, long NotAnnotated, long Duplicates, long Missing)
{
    /// <summary>Images that nobody came to, as the job ended early.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long NotProcessed { get; init; }
}

/// <summary>The model that made the result.</summary>
internal sealed record ReportModel(string Name, string Sha256);

/// <summary>Every parameter that the result depends on. Where the images are is the manifest's.</summary>
internal sealed record ReportParameters(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? ScoreThreshold,
    IReadOnlyList<int> EvaluationLimits,
    string Precision,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Pattern,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? Limit,
    ShardSize ShardSize,
    bool Annotations,
    bool Png,
    bool Thumbnails,
    bool Deterministic)
{
    private static readonly int[] DefaultLimits = [1, 10, 100];

    /// <summary>Those of a job.</summary>
    public static ReportParameters Of(JobDocument job)
    {
        JobSpecification asked = job.Specification;
        return new ReportParameters(
            asked.ScoreThreshold, asked.EvaluationLimits ?? DefaultLimits, asked.Precision, asked.Pattern, asked.Limit, job.ShardSize, asked.Annotations is not null, asked.Png, asked.Thumbnails, asked.Deterministic);
    }
}
