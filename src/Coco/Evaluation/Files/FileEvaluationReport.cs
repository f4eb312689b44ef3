using MaskRcnn.Coco.Evaluation.Accumulation;

namespace MaskRcnn.Coco.Evaluation.Files;

/// <summary>The evaluation of a results file.</summary>
public sealed record FileEvaluationReport
{
    /// <summary>Precision, recall and scores.</summary>
    public required EvaluationResult Result { get; init; }

    /// <summary>The familiar numbers.</summary>
    public required EvaluationSummary Summary { get; init; }

    /// <summary>The ground truth's categories: names by id.</summary>
    public required IReadOnlyDictionary<long, string> CategoryNames { get; init; }

    /// <summary>One row an image, by id; empty unless asked for.</summary>
    public required IReadOnlyList<ImageRow> Images { get; init; }

    /// <summary>What the user should know before trusting the numbers.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Detections in the results file.</summary>
    public required long DetectionCount { get; init; }
}
