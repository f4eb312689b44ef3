using MaskRcnn.Coco.Evaluation.Accumulation;

namespace MaskRcnn.Coco.Evaluation.Matching;

/// <summary>Object keypoint similarity, as pycocotools' <c>computeOks</c>.</summary>
internal static class KeypointSimilarity
{
    private const double Spacing = 2.220446049250313e-16;

    /// <summary>
    /// The mean of exp(−d² / 2s²k²) over the object's labelled keypoints. Where none is labelled, d is the distance
    /// outside the object's box enlarged by its own size on each side, over all keypoints.
    /// </summary>
    /// <param name="detection">The detection; its visibilities are ignored.</param>
    /// <param name="groundTruth">The object.</param>
    /// <param name="variances">(2σ)² of each keypoint.</param>
    /// <param name="scratch">Room for one number a keypoint.</param>
    public static double Compute(in Detection detection, in GroundTruth groundTruth, ReadOnlySpan<double> variances, Span<double> scratch)
    {
        ReadOnlySpan<double> found = detection.Keypoints.Span, truth = groundTruth.Keypoints.Span;
        double x0 = groundTruth.Box.X - groundTruth.Box.Width, x1 = groundTruth.Box.X + groundTruth.Box.Width * 2;
        double y0 = groundTruth.Box.Y - groundTruth.Box.Height, y1 = groundTruth.Box.Y + groundTruth.Box.Height * 2;
        bool anyLabelled = false;
        for (int k = 0; k < variances.Length; k++) anyLabelled |= truth[3 * k + 2] > 0;
        int count = 0;
        for (int k = 0; k < variances.Length; k++)
        {
            double dx, dy;
            if (anyLabelled)
            {
                if (truth[3 * k + 2] <= 0) continue;
                dx = found[3 * k] - truth[3 * k];
                dy = found[3 * k + 1] - truth[3 * k + 1];
            }
            else
            {
                dx = Math.Max(0, x0 - found[3 * k]) + Math.Max(0, found[3 * k] - x1);
                dy = Math.Max(0, y0 - found[3 * k + 1]) + Math.Max(0, found[3 * k + 1] - y1);
            }
            double e = (dx * dx + dy * dy) / variances[k] / (groundTruth.Area + Spacing) / 2;
            scratch[count++] = Math.Exp(-e);
        }
        return PairwiseSum.Of(scratch[..count]) / count;
    }
}
