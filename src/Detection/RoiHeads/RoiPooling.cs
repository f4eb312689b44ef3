using System.Runtime.Intrinsics;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Kernels;
using TorchSharp;

namespace MaskRcnn.Detection.RoiHeads;

/// <summary>Features of regions: each region is pooled from the level that fits its size.</summary>
internal sealed unsafe class RoiPooling(RoiPoolingConfiguration configuration) : IRegionPooling
{
    /// <summary>Levels that regions are pooled from: P2 to P5, strides 4 to 32.</summary>
    public const int Levels = 4;

    private const int FirstStride = 4;
    private readonly LevelMapper _mapper = new(configuration, Levels);

    /// <inheritdoc/>
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

    /// <inheritdoc/>
    /// <remarks>
    /// Sums in single precision. Each channel is summed by one thread in the regions' order, so that the bits do not
    /// depend on the number of threads.
    /// </remarks>
    public IReadOnlyList<torch.Tensor> Backward(torch.Tensor gradient, IReadOnlyList<torch.Tensor> features, IReadOnlyList<Box[]> regions)
    {
        int channels = (int)features[0].shape[1], size = (int)gradient.shape[2];
        torch.Tensor[] sums = [.. features.Take(Levels).Select(level => ChannelsLast.Zeros(level.shape[0], channels, level.shape[2], level.shape[3], torch.float32, torch.CPU))];
        using torch.Tensor ordered = ChannelsLast.Of(gradient);
        torch.Tensor[] levels = configuration.Operator == RoiOperator.Pool ? [.. features.Take(Levels).Select(ChannelsLast.Of)] : [];
        (int Image, Box Box)[] flat = [.. regions.SelectMany((boxes, image) => boxes.Select(box => (image, box)))];
        RoiGeometry geometry = new(size, size, channels, configuration.SamplingRatio, configuration.Aligned);
        nint source = (nint)ChannelsLast.Pointer(ordered);
        nint[] targets = [.. sums.Select(sum => (nint)ChannelsLast.Pointer(sum))], values = [.. levels.Select(level => (nint)ChannelsLast.Pointer(level))];
        (int Height, int Width)[] shapes = [.. sums.Select(sum => ((int)sum.shape[2], (int)sum.shape[3]))];
        bool half = ordered.dtype == torch.ScalarType.BFloat16;
        int blocks = Math.Clamp(channels / Vector512<float>.Count, 1, KernelThreads.Count);
        KernelThreads.For(blocks, block =>
        {
            Range range = (channels * block / blocks)..(channels * (block + 1) / blocks);
            for (int i = 0; i < flat.Length; i++)
            {
                if (half)
                    One((BFloat16Element*)source, i, range);
                else
                    One((Float32Element*)source, i, range);
            }
        });
        foreach (torch.Tensor level in levels)
            level.Dispose();
        return [.. sums.Zip(features, Typed)];

        void One<T>(T* pooled, int region, Range range)
            where T : unmanaged, IKernelElement<T>
        {
            (int image, Box box) = flat[region];
            int level = _mapper.Level(box);
            (int height, int width) = shapes[level];
            nint offset = (nint)image * height * width * channels;
            float* target = (float*)targets[level] + offset;
            T* own = pooled + (nint)region * size * size * channels;
            float scale = 1f / (FirstStride << level);
            if (configuration.Operator == RoiOperator.Align)
                RoiAlign.AddGradient(own, height, width, scale, box, geometry, range, target);
            else
                RoiPool.AddGradient((T*)values[level] + offset, own, height, width, scale, box, geometry, range, target);
        }

        static torch.Tensor Typed(torch.Tensor sum, torch.Tensor level)
        {
            if (level.dtype == torch.float32)
                return sum;
            using (sum)
                return sum.to(level.dtype);
        }
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
