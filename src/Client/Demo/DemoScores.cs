using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Accumulation;
using MaskRcnn.Coco.Evaluation.Files;
using MaskRcnn.Coco.Evaluation.Instances;

namespace MaskRcnn.Client.Demo;

/// <summary>The demo's numbers: those of <c>maskrcnn eval</c> over the job's detections.</summary>
/// <param name="Types">Boxes, and masks if the model has them.</param>
/// <param name="Instances">One-to-one, of the last type, at the lowest IoU: 0.5.</param>
/// <param name="Images">How each image fared, by its file name.</param>
internal sealed record DemoScores(IReadOnlyList<(IouType Type, EvaluationSummary Summary)> Types, InstanceScore Instances, IReadOnlyDictionary<string, DemoCounts> Images)
{
    /// <summary>The numbers of a type that are shown.</summary>
    public static IReadOnlyList<string> Shown { get; } = ["AP", "AP50", "AP75"];

    /// <summary>Evaluates a result.</summary>
    /// <param name="truth">The ground truth.</param>
    /// <param name="detections">The job's <c>detections.json</c>.</param>
    /// <param name="hasMasks">Whether the model has masks.</param>
    /// <param name="cancellation">Stops it.</param>
    public static DemoScores Of(string truth, string detections, bool hasMasks, CancellationToken cancellation)
    {
        FileEvaluationReport[] reports = [.. TypesOf(hasMasks).Select(type => FileEvaluation.Run(
            new FileEvaluationOptions { GroundTruthPath = truth, ResultsPath = detections, Parameters = Parameters(type), PerImage = true }, progress: null, cancellation))];
        FileEvaluationReport last = reports[^1];
        return new DemoScores(
            [.. reports.Select(report => (report.Result.Parameters.IouType, report.Summary))],
            last.Result.Instances!.Scores[0],
            last.Images.ToDictionary(image => image.FileName, image => DemoCounts.Of(image.Instances!)));
    }

    /// <summary>The command that gives the same numbers.</summary>
    public string Command(string truth, string detections) =>
        $"maskrcnn eval --gt {truth} --dt {detections} --iou-type {Types[^1].Type.ToString().ToLowerInvariant()} --max-dets 1,10,{DemoOptions.MostDetections} --fix-known-traps --instance-metrics";

    private static IouType[] TypesOf(bool hasMasks) => hasMasks ? [IouType.Bbox, IouType.Segm] : [IouType.Bbox];

    private static EvaluationParameters Parameters(IouType type) => EvaluationParameters.Default(type) with
    {
        MaxDetections = [1, 10, DemoOptions.MostDetections],
        FixKnownTraps = true,
        InstanceScoreThreshold = DemoOptions.ShownScore,
    };
}
