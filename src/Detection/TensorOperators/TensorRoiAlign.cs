using MaskRcnn.Detection.RoiHeads;
using TorchSharp;

namespace MaskRcnn.Detection.TensorOperators;

/// <summary>
/// <see cref="RoiAlign"/> by tensor operators: a bin is a weighted sum of rows of the features, which are a table
/// (N · H · W, C). Rows and weights are computed in tensors; the sum is one operator, torch's embedding_bag, which
/// writes channels-last and keeps nothing in between.
/// </summary>
internal static class TensorRoiAlign
{
    private const int Corners = 2;

    /// <summary>Samples along the axes of a region's bins, as in <see cref="RoiAlign"/>; 0 for a region without a size.</summary>
    public static (int Y, int X) Grid(RoiFrame frame, RoiGeometry geometry, int height, int width) =>
        (Samples(geometry.SamplingRatio, frame.BinHeight, height), Samples(geometry.SamplingRatio, frame.BinWidth, width));

    /// <summary>Pools regions that have the same number of samples.</summary>
    /// <param name="table">(N · H · W, C), single precision, on a device.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="frames">The regions, in features.</param>
    /// <param name="geometry">Bins and samples.</param>
    /// <param name="grid">Samples along the axes of a bin, at least 1.</param>
    /// <returns>(regions, bins · bins · C).</returns>
    public static torch.Tensor Pool(torch.Tensor table, int height, int width, IReadOnlyList<RoiFrame> frames, RoiGeometry geometry, (int Y, int X) grid)
    {
        using var scope = torch.NewDisposeScope();
        var (indices, weights) = Bags(height, width, frames, geometry, grid, table.device);
        return WeightedSum(table, indices, weights).view(frames.Count, -1).MoveToOuterDisposeScope();
    }

    /// <summary>Adds the gradient of regions to that of the features; parameters as of <see cref="Pool"/>.</summary>
    /// <param name="gradient">Of all regions' pooled features, (regions, bins · bins, C).</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="frames">The regions to add, with their numbers.</param>
    /// <param name="geometry">Bins and samples.</param>
    /// <param name="grid">Samples along the axes of a bin, at least 1.</param>
    /// <param name="table">Of the features, (N · H · W, C), single precision.</param>
    public static void AddGradient(torch.Tensor gradient, int height, int width, IReadOnlyList<RoiFrame> frames, RoiGeometry geometry, (int Y, int X) grid, torch.Tensor table)
    {
        using var scope = torch.NewDisposeScope();
        var (indices, weights) = Bags(height, width, frames, geometry, grid, table.device);
        torch.Tensor own = gradient.index_select(0, DeviceTransfer.Upload([.. frames.Select(frame => (long)frame.Index)], [frames.Count], table.device));
        torch.Tensor spread = own.reshape(-1, 1, geometry.Channels) * weights.unsqueeze(2);                                    // (bags, corners, C)
        table.index_add_(0, indices.flatten(), spread.view(-1, geometry.Channels), 1);
    }

    /// <summary>The rows of the table that each bin is made of, and their weights: (K · bins · bins, samples).</summary>
    private static (torch.Tensor Indices, torch.Tensor Weights) Bags(int height, int width, IReadOnlyList<RoiFrame> frames, RoiGeometry geometry, (int Y, int X) grid, torch.Device device)
    {
        int count = frames.Count;
        torch.Tensor places = DeviceTransfer.Upload([.. frames.SelectMany(f => new[] { f.StartY, f.BinHeight, f.StartX, f.BinWidth })], [count, 4], device);
        torch.Tensor firstRows = DeviceTransfer.Upload([.. frames.Select(f => (long)f.Image * height * width)], [count, 1, 1, 1], device);
        var (rows, rowWeights) = Taps(places.narrow(1, 0, 1), places.narrow(1, 1, 1), geometry.Height, grid.Y, height);       // (K, bins, samples, 2)
        var (columns, columnWeights) = Taps(places.narrow(1, 2, 1), places.narrow(1, 3, 1), geometry.Width, grid.X, width);
        rowWeights.mul_(1f / (grid.Y * grid.X));
        rows.mul_(width).add_(firstRows);

        // (K, bins y, bins x, samples y, 2, samples x, 2)
        long[] alongY = [count, geometry.Height, 1, grid.Y, Corners, 1, 1], alongX = [count, 1, geometry.Width, 1, 1, grid.X, Corners], bags = [count * geometry.Height * geometry.Width, -1];
        return ((rows.view(alongY) + columns.view(alongX)).view(bags), (rowWeights.view(alongY) * columnWeights.view(alongX)).view(bags));
    }

    /// <summary>Elements of the largest intermediate for a region.</summary>
    public static long Elements(RoiGeometry geometry, (int Y, int X) grid) => (long)geometry.Height * geometry.Width * grid.Y * grid.X * Corners * Corners;

    private static int Samples(int ratio, float bin, int length) => ratio > 0 ? ratio : (int)Math.Clamp(MathF.Ceiling(bin), 0, 4 * (length + 2));

    /// <summary>The two features around each sample along an axis, and their weights: (K, bins, samples, 2). Outside, the weights are 0.</summary>
    private static (torch.Tensor Indices, torch.Tensor Weights) Taps(torch.Tensor start, torch.Tensor bin, int bins, int samples, int length)
    {
        torch.Tensor first = torch.arange(bins, torch.float32, start.device).mul(bin).add_(start);                             // (K, bins)
        torch.Tensor within = torch.arange(samples, torch.float32, start.device).add_(0.5f).mul(bin).div_(samples);            // (K, samples)
        torch.Tensor position = first.unsqueeze(2) + within.unsqueeze(1);
        // Both are false for NaN.
        torch.Tensor inside = position.ge(-1).bitwise_and_(position.le(length));
        torch.Tensor clamped = position.clamp_(0, length - 1).masked_fill_(inside.bitwise_not(), 0);
        torch.Tensor low = clamped.floor(), fraction = clamped - low;
        torch.Tensor weights = torch.stack([1 - fraction, fraction], -1).mul_(inside.unsqueeze(3));
        torch.Tensor lowIndex = low.to(torch.int64), highIndex = lowIndex.add(1).clamp_max_(length - 1);
        return (torch.stack([lowIndex, highIndex], -1), weights);
    }

    private static torch.Tensor WeightedSum(torch.Tensor table, torch.Tensor indices, torch.Tensor weights)
    {
        using var bags = torch.nn.EmbeddingBag_from_pretrained(table, mode: EmbeddingBagMode.Sum);
        return bags.call(indices, null!, weights);
    }
}
