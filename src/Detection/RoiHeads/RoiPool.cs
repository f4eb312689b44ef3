using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Kernels;

namespace MaskRcnn.Detection.RoiHeads;

/// <summary>
/// RoIPool (Fast R-CNN, section 2.1): the region and its bins are rounded to whole features, and each bin is its
/// maximum. It is here because the Mask R-CNN paper compares with it (table 2c, d; table 6).
/// </summary>
internal static unsafe class RoiPool
{
    /// <summary>Pools one region; parameters as of <see cref="RoiAlign.Pool"/>. An empty bin is 0.</summary>
    public static void Pool<T>(T* source, int height, int width, float scale, Box box, RoiGeometry geometry, T* target)
        where T : unmanaged, IKernelElement<T>
    {
        int left = Rounded(box.X1 * scale), top = Rounded(box.Y1 * scale), right = Rounded(box.X2 * scale), bottom = Rounded(box.Y2 * scale);
        float binWidth = (float)Math.Max(right - left + 1, 1) / geometry.Width, binHeight = (float)Math.Max(bottom - top + 1, 1) / geometry.Height;
        for (int by = 0; by < geometry.Height; by++)
        {
            int fromY = Math.Clamp((int)MathF.Floor(by * binHeight) + top, 0, height), toY = Math.Clamp((int)MathF.Ceiling((by + 1) * binHeight) + top, 0, height);
            for (int bx = 0; bx < geometry.Width; bx++, target += geometry.Channels)
            {
                int fromX = Math.Clamp((int)MathF.Floor(bx * binWidth) + left, 0, width), toX = Math.Clamp((int)MathF.Ceiling((bx + 1) * binWidth) + left, 0, width);
                for (int channel = 0; channel < geometry.Channels; channel++)
                {
                    float largest = fromY < toY && fromX < toX ? float.NegativeInfinity : 0;
                    for (int y = fromY; y < toY; y++)
                    {
                        for (int x = fromX; x < toX; x++)
                            largest = Math.Max(largest, T.Value(source[((nint)y * width + x) * geometry.Channels + channel]));
                    }

                    target[channel] = T.From(largest);
                }
            }
        }
    }

    /// <summary>C's round: halves away from zero. Far outside is as good as the border.</summary>
    private static int Rounded(float value) => (int)Math.Clamp(MathF.Round(value, MidpointRounding.AwayFromZero), -1e6f, 1e6f);
}
