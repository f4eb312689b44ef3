using MaskRcnn.Detection.Boxes;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Rpn;
using MaskRcnn.Detection.Transform;
using TorchSharp;

namespace MaskRcnn.Detection.TensorOperators;

/// <summary>
/// <see cref="ProposalSelector"/> on a device, for all levels and images together. The host waits for the passes of the
/// suppression, and for the result.
/// </summary>
internal sealed class TensorProposals : IDisposable
{
    private const int LevelColumns = 4;
    private readonly RpnConfiguration _configuration;
    private readonly torch.Device _device;

    /// <summary>The anchors of each level around (0, 0): (levels, A, 4).</summary>
    private readonly torch.Tensor _cells;

    public TensorProposals(RpnConfiguration configuration, torch.Device device)
    {
        _configuration = configuration;
        _device = device;
        AnchorGenerator anchors = new(configuration);
        int levels = configuration.AnchorSizes.Count;
        float[] cells = [.. Enumerable.Range(0, levels).SelectMany(anchors.Cell).SelectMany(box => new[] { box.X1, box.Y1, box.X2, box.Y2 })];
        _cells = DeviceTransfer.Upload(cells, [levels, configuration.AnchorsPerLocation(0), 4], device).DetachFromDisposeScope();
    }

    /// <summary>The proposals of each image, best first, in resized pixels.</summary>
    /// <param name="predictions">Objectness (N, A, H, W) and deltas (N, 4·A, H, W) of each level.</param>
    /// <param name="batch">The images' sizes.</param>
    public IReadOnlyList<(Box[] Boxes, float[] Scores)> Select(IReadOnlyList<(torch.Tensor Objectness, torch.Tensor Deltas)> predictions, ImageBatch batch)
    {
        using var scope = torch.NewDisposeScope();
        int images = batch.Sizes.Count, levels = predictions.Count;
        int[] counts = [.. predictions.Select(level => (int)Math.Min(_configuration.PreNmsTopN, level.Objectness.numel() / images))];
        int most = counts.Max();
        var (logits, indices, deltas) = Best(predictions, images, counts, most);  // (N, L, k), (N, L, k), (N, L, k, 4)

        torch.Tensor limits = TensorBoxes.Limits(batch.Sizes, _device).view(images, 1, 1, 4), table = LevelTable(predictions, batch, counts);
        torch.Tensor boxes = TensorBoxes.Decode(BoxCoder.Proposals, Anchors(indices, table), deltas, limits);
        torch.Tensor scores = logits.sigmoid(), present = torch.arange(most, device: _device).lt(table.select(1, 3).unsqueeze(1));
        torch.Tensor valid = TensorBoxes.AreAtLeast(boxes, _configuration.MinSize)
            .bitwise_and_(scores.ge(SinglePrecision.SmallestNotBelow(_configuration.ScoreThreshold))).bitwise_and_(present);

        torch.Tensor keep = TensorSuppression.Keep(boxes.flatten(0, 1), null, valid.flatten(0, 1), _configuration.NmsThreshold);
        torch.Tensor kept = scores.masked_fill_(keep.view(images, levels, most).bitwise_not(), -1).flatten(1);
        var (best, order) = kept.sort(1, descending: true, stable: true);
        int wanted = (int)Math.Min(_configuration.PostNmsTopN, kept.shape[1]);
        torch.Tensor own = order.narrow(1, 0, wanted).unsqueeze(2).expand(-1, -1, 4);
        return ToHost(torch.cat([boxes.flatten(1, 2).gather(1, own), best.narrow(1, 0, wanted).unsqueeze(2)], 2));
    }

    /// <inheritdoc/>
    public void Dispose() => _cells.Dispose();

    /// <summary>The best predictions of each level, filled up to the same number; of equal logits the first, as everywhere.</summary>
    private (torch.Tensor Logits, torch.Tensor Indices, torch.Tensor Deltas) Best(IReadOnlyList<(torch.Tensor Objectness, torch.Tensor Deltas)> predictions, int images, int[] counts, int most)
    {
        torch.Tensor logits = torch.zeros([images, counts.Length, most], device: _device), deltas = torch.zeros([images, counts.Length, most, 4], device: _device);
        torch.Tensor indices = torch.zeros([images, counts.Length, most], torch.int64, _device);
        for (int level = 0; level < counts.Length; level++)
        {
            using var scope = torch.NewDisposeScope();
            var (objectness, offsets) = predictions[level];
            var (sorted, order) = objectness.permute(0, 2, 3, 1).flatten(1).sort(1, descending: true, stable: true);
            torch.Tensor own = order.narrow(1, 0, counts[level]);
            logits.select(1, level).narrow(1, 0, counts[level]).copy_(sorted.narrow(1, 0, counts[level]));
            indices.select(1, level).narrow(1, 0, counts[level]).copy_(own);
            torch.Tensor all = offsets.permute(0, 2, 3, 1).reshape(images, -1, 4);
            deltas.select(1, level).narrow(1, 0, counts[level]).copy_(all.gather(1, own.unsqueeze(2).expand(-1, -1, 4)));
        }

        return (logits, indices, deltas);
    }

    /// <summary>Width, vertical and horizontal stride, and number of candidates of each level: (L, 4), integers.</summary>
    private torch.Tensor LevelTable(IReadOnlyList<(torch.Tensor Objectness, torch.Tensor Deltas)> predictions, ImageBatch batch, int[] counts)
    {
        long[] table = [.. predictions.Zip(counts).SelectMany(level =>
        {
            (int height, int width) = ((int)level.First.Objectness.shape[2], (int)level.First.Objectness.shape[3]);
            return new long[] { width, AnchorGenerator.Stride(batch.PaddedHeight, height), AnchorGenerator.Stride(batch.PaddedWidth, width), level.Second };
        })];
        return DeviceTransfer.Upload(table, [counts.Length, LevelColumns], _device);
    }

    /// <summary>
    /// The anchors of indices (N, L, k) in the order y, x, anchor: (N, L, k, 4). Only those that are decoded are made;
    /// there is nothing to keep for each size of image.
    /// </summary>
    private torch.Tensor Anchors(torch.Tensor indices, torch.Tensor table)
    {
        using var scope = torch.NewDisposeScope();
        long levels = _cells.shape[0], each = _cells.shape[1];
        torch.Tensor width = table.select(1, 0).unsqueeze(1), strideY = table.select(1, 1).unsqueeze(1), strideX = table.select(1, 2).unsqueeze(1);
        torch.Tensor location = indices.floor_divide(each), row = location.floor_divide(width);
        torch.Tensor x = location.sub(row * width).mul_(strideX), y = row.mul_(strideY);
        torch.Tensor cell = indices.remainder(each).add_(torch.arange(levels, device: _device).mul_(each).unsqueeze(1));
        torch.Tensor around = _cells.view(-1, 4).index_select(0, cell.flatten()).view([.. indices.shape, 4]);
        return around.add_(torch.stack([x, y, x, y], -1)).MoveToOuterDisposeScope();
    }

    /// <summary>(N, n, 5): corners and score, best first, −1 behind the last.</summary>
    private static (Box[] Boxes, float[] Scores)[] ToHost(torch.Tensor packed)
    {
        const int Columns = 5;
        int images = (int)packed.shape[0], size = (int)packed.shape[1] * Columns;
        float[] values = DeviceTransfer.Floats(packed);
        return [.. Enumerable.Range(0, images).Select(image =>
        {
            float[][] rows = [.. values[(image * size)..((image + 1) * size)].Chunk(Columns).TakeWhile(row => row[4] >= 0)];
            return (Array.ConvertAll(rows, row => TensorBoxes.At(row)), Array.ConvertAll(rows, row => row[4]));
        })];
    }
}
