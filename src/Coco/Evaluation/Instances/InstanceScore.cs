namespace MaskRcnn.Coco.Evaluation.Instances;

/// <summary>Instance metrics at one IoU threshold.</summary>
/// <param name="Iou">The threshold.</param>
/// <param name="TruePositives">Matched pairs.</param>
/// <param name="FalsePositives">Detections that match nothing.</param>
/// <param name="FalseNegatives">Objects that nothing matches.</param>
/// <param name="Score">TP / (TP + FP + FN) over the data set.</param>
/// <param name="MeanOverImages">The mean of each image's own score; an image with neither objects nor detections counts 1.</param>
public sealed record InstanceScore(double Iou, long TruePositives, long FalsePositives, long FalseNegatives, double Score, double MeanOverImages);
