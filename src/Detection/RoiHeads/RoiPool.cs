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
        Bins bins = new(height, width, scale, box, geometry);
        for (int by = 0; by < geometry.Height; by++)
        {
            (int fromY, int toY) = bins.Rows(by);
            for (int bx = 0; bx < geometry.Width; bx++, target += geometry.Channels)
            {
                (int fromX, int toX) = bins.Columns(bx);
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

    /// <summary>
    /// Adds the gradient of one region to that of the features: a bin's goes to its maximum, the first of equal ones.
    /// Parameters as of <see cref="RoiAlign.AddGradient"/>, and the features.
    /// </summary>
    public static void AddGradient<T>(T* source, T* gradient, int height, int width, float scale, Box box, RoiGeometry geometry, Range channels, float* target)
        where T : unmanaged, IKernelElement<T>
    {
        (int first, int length) = channels.GetOffsetAndLength(geometry.Channels);
        Bins bins = new(height, width, scale, box, geometry);
        for (int by = 0; by < geometry.Height; by++)
        {
            (int fromY, int toY) = bins.Rows(by);
            for (int bx = 0; bx < geometry.Width; bx++, gradient += geometry.Channels)
            {
                (int fromX, int toX) = bins.Columns(bx);
                for (int channel = first; channel < first + length; channel++)
                {
                    nint best = -1;
                    float largest = float.NegativeInfinity;
                    for (int y = fromY; y < toY; y++)
                    {
                        for (int x = fromX; x < toX; x++)
                        {
                            nint place = ((nint)y * width + x) * geometry.Channels + channel;
                            float value = T.Value(source[place]);
                            if (value > largest)
                                (best, largest) = (place, value);
                        }
                    }

                    if (best >= 0)
                        target[best] += T.Value(gradient[channel]);
                }
            }
        }
    }

    /// <summary>The whole features that each bin of a region covers.</summary>
    private readonly struct Bins
    {
        private readonly (int Start, float Length, int Limit) _y;
        private readonly (int Start, float Length, int Limit) _x;

        public Bins(int height, int width, float scale, Box box, RoiGeometry geometry)
        {
            int left = Rounded(box.X1 * scale), top = Rounded(box.Y1 * scale), right = Rounded(box.X2 * scale), bottom = Rounded(box.Y2 * scale);
            _x = (left, (float)Math.Max(right - left + 1, 1) / geometry.Width, width);
            _y = (top, (float)Math.Max(bottom - top + 1, 1) / geometry.Height, height);
        }

        public (int From, int To) Rows(int bin) => Along(_y, bin);

        public (int From, int To) Columns(int bin) => Along(_x, bin);

        private static (int From, int To) Along((int Start, float Length, int Limit) axis, int bin) => (
            Math.Clamp((int)MathF.Floor(bin * axis.Length) + axis.Start, 0, axis.Limit),
            Math.Clamp((int)MathF.Ceiling((bin + 1) * axis.Length) + axis.Start, 0, axis.Limit));
    }

    /// <summary>C's round: halves away from zero. Far outside is as good as the border.</summary>
    private static int Rounded(float value) => (int)Math.Clamp(MathF.Round(value, MidpointRounding.AwayFromZero), -1e6f, 1e6f);
}
