using MaskRcnn.Coco.Evaluation.Files;

namespace MaskRcnn.Client.Evaluation;

/// <summary>What <c>maskrcnn eval</c> was asked for.</summary>
internal sealed record EvalRequest
{
    public required FileEvaluationOptions Files { get; init; }

    public required bool PerClass { get; init; }

    public required double? MinimumAp { get; init; }

    public required string? OutputFolder { get; init; }
}
