using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Evaluation.Matching;

/// <summary>How much a detection and an object are alike, by the chosen IoU type. Boxes and areas of masks are found once.</summary>
internal sealed class Overlap
{
    private readonly IouType _iouType;
    private readonly double[] _variances;
    private readonly double[] _scratch;
    private Shape[] _detections = new Shape[128];
    private Shape[] _groundTruths = new Shape[32];

    public Overlap(EvaluationParameters parameters)
    {
        _iouType = parameters.IouType;
        _variances = [.. parameters.Sigmas.Select(s => s * 2 * (s * 2))];
        _scratch = new double[_variances.Length];
    }

    private readonly record struct Shape(BoundingBox Box, long MaskArea);

    /// <summary>Prepares for one class of one image.</summary>
    public void Prepare(ReadOnlySpan<Detection> detections, ReadOnlySpan<int> detectionOrder, ReadOnlySpan<GroundTruth> groundTruths, ReadOnlySpan<int> groundTruthOrder)
    {
        if (_iouType == IouType.Keypoints) return;
        if (_detections.Length < detectionOrder.Length) _detections = new Shape[detectionOrder.Length * 2];
        if (_groundTruths.Length < groundTruthOrder.Length) _groundTruths = new Shape[groundTruthOrder.Length * 2];
        for (int i = 0; i < detectionOrder.Length; i++)
        {
            ref readonly Detection detection = ref detections[detectionOrder[i]];
            _detections[i] = ShapeOf(detection.Box, detection.Mask);
        }
        for (int i = 0; i < groundTruthOrder.Length; i++)
        {
            ref readonly GroundTruth groundTruth = ref groundTruths[groundTruthOrder[i]];
            _groundTruths[i] = ShapeOf(groundTruth.Box, groundTruth.Mask);
        }
    }

    /// <summary>The overlap of the d-th prepared detection with the g-th prepared object.</summary>
    public double Of(int d, in Detection detection, int g, in GroundTruth groundTruth)
    {
        if (_iouType == IouType.Keypoints) return KeypointSimilarity.Compute(detection, groundTruth, _variances, _scratch);
        ref readonly Shape found = ref _detections[d];
        ref readonly Shape truth = ref _groundTruths[g];
        double boxIou = BoundingBox.Iou(found.Box, truth.Box, groundTruth.IsCrowd);
        if (_iouType == IouType.Bbox || !(boxIou > 0)) return boxIou;
        RleException.CheckSameSize(detection.Mask!, groundTruth.Mask!);
        return RleRuns.Iou(detection.Mask!.Counts, found.MaskArea, groundTruth.Mask!.Counts, truth.MaskArea, groundTruth.IsCrowd);
    }

    private Shape ShapeOf(in BoundingBox box, Rle? mask) => _iouType == IouType.Bbox
        ? new Shape(box, 0)
        : mask is null ? throw new ArgumentException("A mask is missing; segm evaluation needs one for each object and detection.") : new Shape(mask.BoundingBox, mask.Area);
}
