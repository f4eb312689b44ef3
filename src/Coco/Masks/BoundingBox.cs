namespace MaskRcnn.Coco.Masks;

/// <summary>A box as COCO writes it: left, top, width, height, in pixels. A pixel column x covers [x, x + 1).</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Width">Width; no +1 anywhere.</param>
/// <param name="Height">Height.</param>
public readonly record struct BoundingBox(double X, double Y, double Width, double Height)
{
    /// <summary>Width × height.</summary>
    public double Area => Width * Height;

    /// <summary>Intersection over union in double; for a crowd the union is the detection's area (pycocotools' <c>bbIou</c>).</summary>
    /// <param name="detection">The detection's box.</param>
    /// <param name="groundTruth">The ground truth's box.</param>
    /// <param name="groundTruthIsCrowd">Whether the ground truth is a crowd region.</param>
    /// <returns>0 where the boxes do not overlap.</returns>
    public static double Iou(in BoundingBox detection, in BoundingBox groundTruth, bool groundTruthIsCrowd)
    {
        double width = Math.Min(detection.Width + detection.X, groundTruth.Width + groundTruth.X) - Math.Max(detection.X, groundTruth.X);
        if (width <= 0) return 0;
        double height = Math.Min(detection.Height + detection.Y, groundTruth.Height + groundTruth.Y) - Math.Max(detection.Y, groundTruth.Y);
        if (height <= 0) return 0;
        double intersection = width * height;
        double union = groundTruthIsCrowd ? detection.Area : detection.Area + groundTruth.Area - intersection;
        return intersection / union;
    }
}
