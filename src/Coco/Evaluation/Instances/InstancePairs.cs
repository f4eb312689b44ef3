using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Evaluation.Instances;

/// <summary>Which detection is which object, by the rule of the instance metrics; for those who want to show it.</summary>
public static class InstancePairs
{
    /// <summary>The object of each detection of an image without crowd regions, or −1 for a false alarm.</summary>
    /// <param name="detections">Masks of the detections.</param>
    /// <param name="objects">Masks of the objects; those that no detection has are missed.</param>
    /// <param name="iou">The IoU from which a pair counts, above 0.</param>
    public static int[] Match(IReadOnlyList<Rle> detections, IReadOnlyList<Rle> objects, double iou)
    {
        ArgumentNullException.ThrowIfNull(detections);
        ArgumentNullException.ThrowIfNull(objects);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(iou);
        BoundingBox[] boxes = [.. objects.Select(mask => mask.BoundingBox)];
        var pairs = new List<Pair>();
        for (int d = 0; d < detections.Count; d++)
        {
            BoundingBox box = detections[d].BoundingBox;
            for (int o = 0; o < objects.Count; o++)
            {
                if (BoundingBox.Iou(box, boxes[o], groundTruthIsCrowd: false) <= 0) continue;
                double of = Rle.Iou(detections[d], objects[o]);
                if (of >= iou) pairs.Add(new Pair(d, o, of));
            }
        }
        return Assignment.Solve(pairs, detections.Count);
    }
}
