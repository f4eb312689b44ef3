using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Training.Data;

namespace MaskRcnn.Detection.Training.Targets;

/// <summary>What the keypoint branch should say of a region: the place of each keypoint on its heat map (Mask R-CNN, section 5).</summary>
internal static class KeypointTargets
{
    /// <summary>The keypoint is not labelled or lies outside the region: it has no loss.</summary>
    public const long None = -1;

    /// <summary>The place of each keypoint of an object in a region.</summary>
    /// <param name="region">The region, in the keypoints' pixels.</param>
    /// <param name="keypoints">The keypoints.</param>
    /// <param name="side">Side of the heat maps: 56.</param>
    /// <returns>y · side + x, or <see cref="None"/>.</returns>
    public static long[] Of(Box region, IReadOnlyList<Keypoint> keypoints, int side)
    {
        float scaleX = side / (region.X2 - region.X1), scaleY = side / (region.Y2 - region.Y1);
        return [.. keypoints.Select(Place)];

        long Place(Keypoint point)
        {
            // On the right and bottom edge a point belongs to the last column and row.
            int x = point.X == region.X2 ? side - 1 : Floor((point.X - region.X1) * scaleX);
            int y = point.Y == region.Y2 ? side - 1 : Floor((point.Y - region.Y1) * scaleY);
            return point.Visibility > 0 && x >= 0 && y >= 0 && x < side && y < side ? (long)y * side + x : None;
        }

        // A region without a size gives infinity or NaN: outside.
        int Floor(float value) => float.IsFinite(value) ? (int)Math.Clamp(MathF.Floor(value), -1, side) : -1;
    }
}
