using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Training.Data;

namespace MaskRcnn.Detection.Training.Targets;

/// <summary>
/// What the mask branch should say of a region: its object's mask, resized with the image (nearest), pooled by RoIAlign
/// with as many samples as the bin has pixels. Values are shares of the bin, 0 to 1, as in torchvision.
/// </summary>
internal static class MaskTargets
{
    /// <summary>The targets of regions.</summary>
    /// <param name="image">The image's objects.</param>
    /// <param name="regions">The regions in resized pixels.</param>
    /// <param name="objects">The object of each region.</param>
    /// <param name="side">Side of the masks: 28.</param>
    /// <returns>(regions, side, side).</returns>
    /// <exception cref="ArgumentException">An object has no mask.</exception>
    public static float[] Of(ImageTargets image, IReadOnlyList<Box> regions, IReadOnlyList<int> objects, int side)
    {
        float[] targets = new float[regions.Count * side * side];
        int[] rows = Nearest(image.Height, image.OriginalHeight), columns = Nearest(image.Width, image.OriginalWidth);
        KernelThreads.For(regions.Count, i =>
        {
            InstanceMask mask = image.Mask(objects[i])
                ?? throw new ArgumentException($"Object {objects[i]} of an image has no mask; the mask branch needs one for every object.", nameof(objects));
            Pool(new ResizedMask(mask, rows, columns), regions[i], side, targets.AsSpan(i * side * side, side * side));
        });
        return targets;
    }

    /// <summary>The original row or column of each resized one: torch's nearest interpolation.</summary>
    private static int[] Nearest(int length, int original)
    {
        float scale = (float)original / length;
        int[] sources = new int[length];
        for (int i = 0; i < length; i++)
            sources[i] = Math.Min((int)MathF.Floor(i * scale), original - 1);
        return sources;
    }

    /// <summary>RoIAlign on the mask's own pixels: scale 1, not shifted.</summary>
    private static void Pool(ResizedMask mask, Box box, int side, Span<float> target)
    {
        float binHeight = Math.Max(box.Y2 - box.Y1, 1) / side, binWidth = Math.Max(box.X2 - box.X1, 1) / side;
        int gridY = (int)MathF.Ceiling(binHeight), gridX = (int)MathF.Ceiling(binWidth);
        float count = Math.Max(gridY * gridX, 1);
        for (int by = 0; by < side; by++)
        {
            for (int bx = 0; bx < side; bx++)
            {
                float sum = 0;
                for (int iy = 0; iy < gridY; iy++)
                {
                    float y = box.Y1 + by * binHeight + (iy + 0.5f) * binHeight / gridY;
                    for (int ix = 0; ix < gridX; ix++)
                        sum += mask.At(y, box.X1 + bx * binWidth + (ix + 0.5f) * binWidth / gridX);
                }

                target[by * side + bx] = sum / count;
            }
        }
    }

    /// <summary>A mask as large as the resized image, without making it.</summary>
    private readonly struct ResizedMask(InstanceMask mask, int[] rows, int[] columns)
    {
        /// <summary>The bilinear value at a point.</summary>
        public float At(float y, float x)
        {
            if (!(y >= -1 && y <= rows.Length && x >= -1 && x <= columns.Length))
                return 0;
            (int top, int bottom, float dy) = Between(y, rows.Length);
            (int left, int right, float dx) = Between(x, columns.Length);
            float up = 1 - dy, before = 1 - dx;
            return up * before * Bit(top, left) + up * dx * Bit(top, right) + dy * before * Bit(bottom, left) + dy * dx * Bit(bottom, right);
        }

        private float Bit(int row, int column)
        {
            int y = rows[row] - mask.Y, x = columns[column] - mask.X;
            return (uint)y < (uint)mask.Height && (uint)x < (uint)mask.Width ? mask.Bits[y * mask.Width + x] : 0;
        }

        private static (int Low, int High, float Fraction) Between(float position, int length)
        {
            position = Math.Max(position, 0);
            int low = (int)position;
            return low >= length - 1 ? (length - 1, length - 1, 0) : (low, low + 1, position - low);
        }
    }
}
