using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Kernels;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace MaskRcnn.Detection.RoiHeads;

/// <summary>RoIAlign (Mask R-CNN, section 3): each bin is the mean of bilinear samples; nothing is rounded.</summary>
internal static unsafe class RoiAlign
{
    private const int OnStack = 256;

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
        RoiSamples samples = new(height, width, scale, box, geometry);
        Span<RoiCorner> corners = samples.Capacity > OnStack ? new RoiCorner[samples.Capacity] : stackalloc RoiCorner[OnStack];
        for (int by = 0; by < geometry.Height; by++)
        {
            for (int bx = 0; bx < geometry.Width; bx++, target += geometry.Channels)
                Sum(source, corners[..samples.Corners(by, bx, corners)], samples.Share, geometry.Channels, target);
        }
    }

    /// <summary>Adds the gradient of one region to that of the features, for some of the channels. Boxes have none.</summary>
    /// <param name="gradient">Of the pooled features, (bins, bins, C).</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="scale">Features a pixel.</param>
    /// <param name="box">The region in pixels.</param>
    /// <param name="geometry">Bins and samples.</param>
    /// <param name="channels">The channels to do.</param>
    /// <param name="target">Of the image's features, (H, W, C), single precision.</param>
    public static void AddGradient<T>(T* gradient, int height, int width, float scale, Box box, RoiGeometry geometry, Range channels, float* target)
        where T : unmanaged, IKernelElement<T>
    {
        (int first, int length) = channels.GetOffsetAndLength(geometry.Channels);
        RoiSamples samples = new(height, width, scale, box, geometry);
        Span<RoiCorner> corners = samples.Capacity > OnStack ? new RoiCorner[samples.Capacity] : stackalloc RoiCorner[OnStack];
        for (int by = 0; by < geometry.Height; by++)
        {
            for (int bx = 0; bx < geometry.Width; bx++, gradient += geometry.Channels)
                Spread(gradient + first, corners[..samples.Corners(by, bx, corners)], samples.Share, length, target + first);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum<T>(T* source, ReadOnlySpan<RoiCorner> corners, float share, int channels, T* target)
        where T : unmanaged, IKernelElement<T>
    {
        int channel = 0;
        for (; channel <= channels - V.Count; channel += V.Count)
        {
            V sum = V.Zero;
            foreach (RoiCorner corner in corners)
                sum = Vector512.FusedMultiplyAdd(Vector512.Create(corner.Weight), T.Load(source + corner.Offset + channel), sum);
            T.Store(sum * share, target + channel);
        }

        for (; channel < channels; channel++)
        {
            float sum = 0;
            foreach (RoiCorner corner in corners)
                sum += corner.Weight * T.Value(source[corner.Offset + channel]);
            target[channel] = T.From(sum * share);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Spread<T>(T* gradient, ReadOnlySpan<RoiCorner> corners, float share, int channels, float* target)
        where T : unmanaged, IKernelElement<T>
    {
        int channel = 0;
        for (; channel <= channels - V.Count; channel += V.Count)
        {
            V own = T.Load(gradient + channel) * share;
            foreach (RoiCorner corner in corners)
            {
                float* place = target + corner.Offset + channel;
                Vector512.FusedMultiplyAdd(Vector512.Create(corner.Weight), own, Vector512.Load(place)).Store(place);
            }
        }

        for (; channel < channels; channel++)
        {
            float own = T.Value(gradient[channel]) * share;
            foreach (RoiCorner corner in corners)
                target[corner.Offset + channel] += corner.Weight * own;
        }
    }
}
