using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Kernels;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace MaskRcnn.Detection.RoiHeads;

/// <summary>RoIAlign (Mask R-CNN, section 3): each bin is the mean of bilinear samples; nothing is rounded.</summary>
internal static unsafe class RoiAlign
{
    private const int Corners = 4;

    /// <summary>Pools one region.</summary>
    /// <param name="source">The image's features, (H, W, C).</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="scale">Features a pixel: 1/stride.</param>
    /// <param name="box">The region in pixels.</param>
    /// <param name="geometry">Bins and samples.</param>
    /// <param name="target">(bins, bins, C).</param>
    public static void Pool<T>(T* source, int height, int width, float scale, Box box, RoiGeometry geometry, T* target)
        where T : unmanaged, IKernelElement<T>
    {
        float offset = geometry.Aligned ? 0.5f : 0;
        float startX = box.X1 * scale - offset, startY = box.Y1 * scale - offset;
        float regionWidth = box.X2 * scale - offset - startX, regionHeight = box.Y2 * scale - offset - startY;
        if (!geometry.Aligned)
        {
            regionWidth = Math.Max(regionWidth, 1);
            regionHeight = Math.Max(regionHeight, 1);
        }

        float binHeight = regionHeight / geometry.Height, binWidth = regionWidth / geometry.Width;
        int gridY = Grid(geometry.SamplingRatio, binHeight, height), gridX = Grid(geometry.SamplingRatio, binWidth, width);
        float share = 1f / Math.Max(gridY * gridX, 1);
        int capacity = gridY * gridX * Corners;
        Corner[]? rented = capacity > 256 ? new Corner[capacity] : null;
        Span<Corner> corners = rented ?? stackalloc Corner[capacity];
        for (int by = 0; by < geometry.Height; by++)
        {
            for (int bx = 0; bx < geometry.Width; bx++, target += geometry.Channels)
            {
                int count = 0;
                for (int iy = 0; iy < gridY; iy++)
                {
                    float y = startY + by * binHeight + (iy + 0.5f) * binHeight / gridY;
                    for (int ix = 0; ix < gridX; ix++)
                    {
                        float x = startX + bx * binWidth + (ix + 0.5f) * binWidth / gridX;
                        count += Sample(y, x, height, width, geometry.Channels, corners[count..]);
                    }
                }

                Sum(source, corners[..count], share, geometry.Channels, target);
            }
        }
    }

    /// <summary>Samples along an axis of a bin. A region far larger than the features needs no more than a few a feature.</summary>
    private static int Grid(int ratio, float bin, int length) => ratio > 0 ? ratio : (int)Math.Clamp(MathF.Ceiling(bin), 0, 4 * (length + 2));

    /// <summary>The four features around a point and their weights; none for a point more than one feature outside.</summary>
    private static int Sample(float y, float x, int height, int width, int channels, Span<Corner> corners)
    {
        // Also false for NaN.
        if (!(y >= -1 && y <= height && x >= -1 && x <= width))
            return 0;
        (int top, int bottom, float dy) = Between(y, height);
        (int left, int right, float dx) = Between(x, width);
        float up = 1 - dy, before = 1 - dx;
        corners[0] = new Corner(((nint)top * width + left) * channels, up * before);
        corners[1] = new Corner(((nint)top * width + right) * channels, up * dx);
        corners[2] = new Corner(((nint)bottom * width + left) * channels, dy * before);
        corners[3] = new Corner(((nint)bottom * width + right) * channels, dy * dx);
        return Corners;
    }

    private static (int Low, int High, float Fraction) Between(float position, int length)
    {
        position = Math.Max(position, 0);
        int low = (int)position;
        return low >= length - 1 ? (length - 1, length - 1, 0) : (low, low + 1, position - low);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum<T>(T* source, ReadOnlySpan<Corner> corners, float share, int channels, T* target)
        where T : unmanaged, IKernelElement<T>
    {
        int channel = 0;
        for (; channel <= channels - V.Count; channel += V.Count)
        {
            V sum = V.Zero;
            foreach (Corner corner in corners)
                sum = Vector512.FusedMultiplyAdd(Vector512.Create(corner.Weight), T.Load(source + corner.Offset + channel), sum);
            T.Store(sum * share, target + channel);
        }

        for (; channel < channels; channel++)
        {
            float sum = 0;
            foreach (Corner corner in corners)
                sum += corner.Weight * T.Value(source[corner.Offset + channel]);
            target[channel] = T.From(sum * share);
        }
    }

    private readonly record struct Corner(nint Offset, float Weight);
}
