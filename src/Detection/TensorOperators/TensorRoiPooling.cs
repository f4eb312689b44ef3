using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.RoiHeads;
using TorchSharp;

namespace MaskRcnn.Detection.TensorOperators;

/// <summary>
/// <see cref="RoiPooling"/> on a device. RoIAlign computes there, in single precision; RoIPool, which only the paper's
/// comparisons need, goes through the host.
/// </summary>
internal sealed class TensorRoiPooling(RoiPoolingConfiguration configuration) : IRegionPooling
{
    /// <summary>Rows that are summed in a chunk: their indices are 64 MiB, and about twice that exists at a time.</summary>
    private const long ChunkElements = 1 << 23;

    /// <summary>Pooled values of a chunk: 128 MiB.</summary>
    private const long PooledElements = 1 << 25;

    /// <summary>Features converted to single precision at a time: 256 MiB.</summary>
    private const long TableElements = 1 << 26;

    private const int FirstStride = 4;
    private readonly LevelMapper _mapper = new(configuration, RoiPooling.Levels);

    /// <inheritdoc/>
    public torch.Tensor Forward(IReadOnlyList<torch.Tensor> features, IReadOnlyList<Box[]> regions, int size)
    {
        if (configuration.Operator == RoiOperator.Pool)
            return OnHost(features, regions, size);
        int channels = (int)features[0].shape[1], count = regions.Sum(boxes => boxes.Length);
        torch.Tensor pooled = ChannelsLast.Zeros(count, channels, size, size, features[0].dtype, features[0].device);
        using torch.Tensor memory = pooled.permute(0, 2, 3, 1), rows = memory.view(count, (long)size * size * channels);
        RoiGeometry geometry = new(size, size, channels, configuration.SamplingRatio, configuration.Aligned);
        foreach (IGrouping<int, (int Index, int Image, Box Box)> level in regions.SelectMany((boxes, image) => boxes.Select(box => (image, box)))
            .Select((region, index) => (index, region.image, region.box)).GroupBy(region => _mapper.Level(region.box)))
            PoolLevel(features[level.Key], [.. level.Select(r => RoiFrame.Of(r.Index, r.Image, r.Box, 1f / (FirstStride << level.Key), geometry))], geometry, rows);
        return pooled;
    }

    /// <inheritdoc/>
    public IReadOnlyList<torch.Tensor> Backward(torch.Tensor gradient, IReadOnlyList<torch.Tensor> features, IReadOnlyList<Box[]> regions)
    {
        using var scope = torch.NewDisposeScope();
        if (configuration.Operator == RoiOperator.Pool)
        {
            torch.Tensor[] host = [.. features.Take(RoiPooling.Levels).Select(level => level.cpu())];
            return [.. new RoiPooling(configuration).Backward(gradient.cpu(), host, regions).Select(sum => sum.to(gradient.device).MoveToOuterDisposeScope())];
        }

        int channels = (int)features[0].shape[1], size = (int)gradient.shape[2];
        RoiGeometry geometry = new(size, size, channels, configuration.SamplingRatio, configuration.Aligned);
        torch.Tensor[] sums = [.. features.Take(RoiPooling.Levels).Select(level => ChannelsLast.Zeros(level.shape[0], channels, level.shape[2], level.shape[3], torch.float32, level.device))];
        torch.Tensor rows = gradient.to(torch.float32).permute(0, 2, 3, 1).reshape(-1, size * size, channels);
        foreach (IGrouping<int, (int Index, int Image, Box Box)> group in regions.SelectMany((boxes, image) => boxes.Select(box => (image, box)))
            .Select((region, index) => (index, region.image, region.box)).GroupBy(region => _mapper.Level(region.box)))
        {
            (int height, int width) = ((int)sums[group.Key].shape[2], (int)sums[group.Key].shape[3]);
            torch.Tensor table = sums[group.Key].permute(0, 2, 3, 1).view(-1, channels);
            foreach (IGrouping<(int Y, int X), RoiFrame> grid in group.Select(r => RoiFrame.Of(r.Index, r.Image, r.Box, 1f / (FirstStride << group.Key), geometry)).GroupBy(frame => TensorRoiAlign.Grid(frame, geometry, height, width)))
            {
                if (grid.Key.Y == 0 || grid.Key.X == 0)
                    continue;
                long most = PooledElements / (TensorRoiAlign.Elements(geometry, grid.Key) * channels);
                foreach (RoiFrame[] chunk in grid.Chunk((int)Math.Max(most, 1)))
                    TensorRoiAlign.AddGradient(rows, height, width, chunk, geometry, grid.Key, table);
            }
        }

        return [.. sums.Zip(features, (sum, level) => sum.to(level.dtype).MoveToOuterDisposeScope())];
    }

    /// <summary>Pools regions of one level into rows of the target, (regions, bins · bins · C).</summary>
    /// <param name="features">(N, C, H, W).</param>
    /// <param name="frames">The regions.</param>
    /// <param name="geometry">Bins and samples.</param>
    /// <param name="target">Where they go, by their numbers.</param>
    /// <param name="tableElements">Most elements that are converted to single precision at a time, unless one image has more.</param>
    internal static void PoolLevel(torch.Tensor features, RoiFrame[] frames, RoiGeometry geometry, torch.Tensor target, long tableElements = TableElements)
    {
        long images = features.shape[0];
        int together = (int)(features.dtype == torch.ScalarType.Float32 ? images : Math.Clamp(tableElements * images / features.numel(), 1, images));
        foreach (IGrouping<int, RoiFrame> part in frames.GroupBy(frame => frame.Image / together))
        {
            int first = part.Key * together;
            using torch.Tensor own = features.narrow(0, first, Math.Min(together, images - first));
            PoolImages(own, [.. part.Select(frame => frame with { Image = frame.Image - first })], geometry, target);
        }
    }

    private static void PoolImages(torch.Tensor features, RoiFrame[] frames, RoiGeometry geometry, torch.Tensor target)
    {
        (int height, int width) = ((int)features.shape[2], (int)features.shape[3]);
        using torch.Tensor ordered = ChannelsLast.Of(features), memory = ordered.permute(0, 2, 3, 1), flat = memory.reshape(-1, geometry.Channels);
        // Weights in bfloat16 would not sum to 1.
        using torch.Tensor table = flat.to(torch.float32);
        foreach (IGrouping<(int Y, int X), RoiFrame> group in frames.GroupBy(frame => TensorRoiAlign.Grid(frame, geometry, height, width)))
        {
            // Without samples a bin is 0.
            if (group.Key.Y == 0 || group.Key.X == 0)
                continue;
            long most = Math.Min(ChunkElements / TensorRoiAlign.Elements(geometry, group.Key), PooledElements / (geometry.Height * geometry.Width * geometry.Channels));
            foreach (RoiFrame[] chunk in group.Chunk((int)Math.Max(most, 1)))
            {
                using torch.Tensor pooled = TensorRoiAlign.Pool(table, height, width, chunk, geometry, group.Key), typed = pooled.to(target.dtype);
                using torch.Tensor places = DeviceTransfer.Upload([.. chunk.Select(frame => (long)frame.Index)], [chunk.Length], target.device);
                target.index_copy_(0, places, typed);
            }
        }
    }

    private torch.Tensor OnHost(IReadOnlyList<torch.Tensor> features, IReadOnlyList<Box[]> regions, int size)
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor[] host = [.. features.Take(RoiPooling.Levels).Select(level => level.cpu())];
        torch.Tensor pooled = new RoiPooling(configuration).Forward(host, regions, size);
        return pooled.to(features[0].device).MoveToOuterDisposeScope();
    }
}
