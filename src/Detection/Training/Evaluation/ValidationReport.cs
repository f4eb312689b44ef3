using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Accumulation;
using MaskRcnn.Coco.Evaluation.Instances;

namespace MaskRcnn.Detection.Training.Evaluation;

/// <summary>An evaluation during a run.</summary>
/// <param name="Step">After how many steps.</param>
/// <param name="Images">Images of the validation.</param>
/// <param name="Summaries">The familiar numbers of each kind of output.</param>
/// <param name="Instances">One-to-one metrics of masks (or boxes) at the model's score of 0.5; null for keypoints.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record ValidationReport(long Step, int Images, IReadOnlyList<(IouType Type, EvaluationSummary Summary)> Summaries, InstanceScores? Instances, double Seconds)
{
    /// <summary>What the best model is chosen by: masks before keypoints before boxes.</summary>
    public (IouType Type, EvaluationSummary Summary) Main => Summaries[^1];

    /// <summary>AP of <see cref="Main"/>.</summary>
    public double Ap => Main.Summary.AveragePrecision;

    /// <summary>AP at IoU 0.5 of <see cref="Main"/>.</summary>
    public double Ap50 => Main.Summary.Lines.First(line => line.Key == "AP50").Value;
}
