using MaskRcnn.Coco.Masks;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Detection.Masks;

/// <summary>Greedy non-maximum suppression on masks, by the share of the smaller mask that the other covers.</summary>
internal static class MaskSuppression
{
    /// <summary>Keeps each instance of which no better one of its label is kept with an overlap above the threshold.</summary>
    /// <param name="instances">Best score first. Those without a mask, or with an empty one, are kept and suppress nothing.</param>
    /// <param name="threshold">Intersection over the smaller area, 0..1.</param>
    /// <returns>Those that are kept, in their order.</returns>
    public static IReadOnlyList<DetectedInstance> Run(IReadOnlyList<DetectedInstance> instances, double threshold)
    {
        List<DetectedInstance> kept = new(instances.Count);
        List<(BoundingBox Extents, long Area, int Label, Rle Mask)> masks = [];
        foreach (DetectedInstance instance in instances)
        {
            if (instance.Mask is { Area: > 0 and long area } mask)
            {
                BoundingBox extents = mask.BoundingBox;
                bool isCovered = false;
                foreach ((BoundingBox otherExtents, long otherArea, int label, Rle other) in masks)
                {
                    if (label != instance.Label || BoundingBox.Iou(extents, otherExtents, groundTruthIsCrowd: false) <= 0 || Rle.IntersectionArea(mask, other) <= threshold * Math.Min(area, otherArea)) continue;
                    isCovered = true;
                    break;
                }
                if (isCovered) continue;
                masks.Add((extents, area, instance.Label, mask));
            }
            kept.Add(instance);
        }
        return kept;
    }
}
