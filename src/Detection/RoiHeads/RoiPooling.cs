using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Kernels;
using TorchSharp;

namespace MaskRcnn.Detection.RoiHeads;

/// <summary>Features of regions: each region is pooled from the level that fits its size.</summary>
internal sealed unsafe class RoiPooling(RoiPoolingConfiguration configuration)
{
    /// <summary>Levels that regions are pooled from: P2 to P5, strides 4 to 32.</summary>
    public const int Levels = 4;

    private const int FirstStride = 4;
    private readonly LevelMapper _mapper = new(configuration, Levels);

    /// <summary>Pools regions of a batch, on the CPU.</summary>
    /// <param name="features">P2 to P5, each (N, C, H, W), channels-last.</param>
    /// <param name="regions">Boxes in resized pixels, for each of the N images.</param>
    /// <param name="size">Side of the pooled features.</param>
    /// <returns>(regions, C, size, size), channels-last, image after image.</returns>
    public torch.Tensor Forward(IReadOnlyList<torch.Tensor> features, IReadOnlyList<Box[]> regions, int size)
    {
        int channels = (int)features[0].shape[1], count = regions.Sum(boxes => boxes.Length);
        torch.Tensor pooled = ChannelsLast.Empty(count, channels, size, size, features[0].dtype);
        if (count == 0)
            return pooled;
        torch.Tensor[] levels = [.. features.Take(Levels).Select(ChannelsLast.Of)];
        (int Image, Box Box)[] flat = [.. regions.SelectMany((boxes, image) => boxes.Select(box => (image, box)))];
        FeatureLevel[] sources = new FeatureLevel[levels.Length];
        for (int level = 0; level < levels.Length; level++)
        {
            long[] shape = levels[level].shape;
            sources[level] = new FeatureLevel((nint)ChannelsLast.Pointer(levels[level]), (int)shape[2], (int)shape[3], 1f / (FirstStride << level));
        }

        RoiGeometry geometry = new(size, size, channels, configuration.SamplingRatio, configuration.Aligned);
        nint target = (nint)ChannelsLast.Pointer(pooled);
        bool half = pooled.dtype == torch.ScalarType.BFloat16;
        const int Block = 8;
        KernelThreads.For((count + Block - 1) / Block, block =>
        {
            for (int i = block * Block; i < Math.Min(count, (block + 1) * Block); i++)
            {
                (int image, Box box) = flat[i];
                FeatureLevel level = sources[_mapper.Level(box)];
                nint offset = (nint)i * size * size * channels;
                if (half)
                    PoolOne(level, image, box, geometry, (BFloat16Element*)target + offset);
                else
                    PoolOne(level, image, box, geometry, (Float32Element*)target + offset);
            }
        });
        foreach (torch.Tensor level in levels)
            level.Dispose();
        return pooled;
    }

    private void PoolOne<T>(FeatureLevel level, int image, Box box, RoiGeometry geometry, T* target)
        where T : unmanaged, IKernelElement<T>
    {
        T* source = (T*)level.Address + (nint)image * level.Height * level.Width * geometry.Channels;
        if (configuration.Operator == RoiOperator.Align)
            RoiAlign.Pool(source, level.Height, level.Width, level.Scale, box, geometry, target);
        else
            RoiPool.Pool(source, level.Height, level.Width, level.Scale, box, geometry, target);
    }

    private readonly record struct FeatureLevel(nint Address, int Height, int Width, float Scale);
}
