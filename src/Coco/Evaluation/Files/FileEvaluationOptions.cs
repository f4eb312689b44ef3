namespace MaskRcnn.Coco.Evaluation.Files;

/// <summary>What to evaluate.</summary>
public sealed record FileEvaluationOptions
{
    /// <summary>An instances or keypoints file.</summary>
    public required string GroundTruthPath { get; init; }

    /// <summary>A results file.</summary>
    public required string ResultsPath { get; init; }

    /// <summary>What to evaluate by.</summary>
    public required EvaluationParameters Parameters { get; init; }

    /// <summary>Only these categories; default all of the ground truth.</summary>
    public IReadOnlyList<long>? CategoryIds { get; init; }

    /// <summary>Only these images; default all of the ground truth.</summary>
    public IReadOnlyList<long>? ImageIds { get; init; }

    /// <summary>Also report each image's matches, misses and false alarms; default false.</summary>
    public bool PerImage { get; init; }
}
