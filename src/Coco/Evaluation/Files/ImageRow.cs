using MaskRcnn.Coco.Evaluation.Instances;
using MaskRcnn.Coco.Evaluation.Matching;

namespace MaskRcnn.Coco.Evaluation.Files;

/// <summary>How an image fared at the lowest IoU threshold, in the first area range, over all classes.</summary>
/// <param name="ImageId">The image.</param>
/// <param name="FileName">Its file, as the ground truth names it.</param>
/// <param name="Matches">Objects found.</param>
/// <param name="Misses">Objects not found.</param>
/// <param name="FalseAlarms">Detections that match nothing.</param>
public sealed record ImageRow(long ImageId, string FileName, int Matches, int Misses, int FalseAlarms)
{
    /// <summary>Matches / (matches + misses + false alarms); 1 where there is neither object nor detection.</summary>
    public double Score => Matches + Misses + FalseAlarms == 0 ? 1 : (double)Matches / (Matches + Misses + FalseAlarms);

    /// <summary>Instance metrics of the image; null where none were asked for.</summary>
    public InstanceCounts? Instances { get; init; }

    internal static ImageRow Of(ImageMatches matches, string fileName, EvaluationParameters parameters)
    {
        int lowest = parameters.IouThresholds.IndexOf(parameters.IouThresholds.Min());
        (int found, int missed, int wrong) = matches.Count(areaRange: 0, lowest);
        return new ImageRow(matches.ImageId, fileName, found, missed, wrong) { Instances = matches.Instances };
    }
}
