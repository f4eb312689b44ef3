using MaskRcnn.Detection.Boxes;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.RoiHeads;
using TorchSharp;

namespace MaskRcnn.Detection.TensorOperators;

/// <summary>
/// <see cref="BoxPostProcessor"/> on a device, for all images together. The host waits for the number of candidates, for
/// the passes of the suppression, and for the result.
/// </summary>
internal sealed class TensorBoxPostProcessor(PostProcessingConfiguration configuration, torch.Device device)
{
    /// <summary>The detections of each image; parameters as of <see cref="RegionHeads.SelectDetections"/>.</summary>
    public IReadOnlyList<RegionDetections> Select(torch.Tensor logits, torch.Tensor deltas, IReadOnlyList<Box[]> proposals, IReadOnlyList<(int Height, int Width)> sizes)
    {
        using var scope = torch.NewDisposeScope();
        int images = proposals.Count, most = proposals.Max(boxes => boxes.Length);
        long labels = logits.shape[1] - 1;
        if (most == 0)
            return [.. proposals.Select(_ => new RegionDetections([], [], []))];

        // Regions of an image lie in one row, filled up with region 0; the background is left out.
        torch.Tensor rows = DeviceTransfer.Upload(Rows(proposals, most), [images, most], device), flat = rows.clamp_min(0).flatten();
        torch.Tensor scores = logits.softmax(1).narrow(1, 1, labels).index_select(0, flat).view(images, most, labels);
        torch.Tensor own = deltas.view(-1, labels + 1, 4).narrow(1, 1, labels).index_select(0, flat).view(images, most, labels, 4);
        torch.Tensor regions = Regions(proposals).index_select(0, flat).view(images, most, 1, 4);
        torch.Tensor boxes = TensorBoxes.Decode(BoxCoder.Regions, regions, own, TensorBoxes.Limits(sizes, device).view(images, 1, 1, 4));
        torch.Tensor candidates = TensorBoxes.AreAtLeast(boxes, configuration.MinSize)
            .bitwise_and_(scores.gt(SinglePrecision.LargestNotAbove(configuration.ScoreThreshold))).bitwise_and_(rows.ge(0).unsqueeze(2));

        int count = (int)DeviceTransfer.Integers(candidates.sum([1, 2])).Max();
        if (count == 0)
            return [.. proposals.Select(_ => new RegionDetections([], [], []))];
        var (sorted, order) = scores.masked_fill_(candidates.bitwise_not(), -1).flatten(1).sort(1, descending: true, stable: true);
        torch.Tensor best = sorted.narrow(1, 0, count), indices = order.narrow(1, 0, count), label = indices.remainder(labels);
        torch.Tensor sortedBoxes = boxes.flatten(1, 2).gather(1, indices.unsqueeze(2).expand(-1, -1, 4));                  // (N, count, 4)
        torch.Tensor keep = TensorSuppression.Keep(sortedBoxes, label, best.ge(0), configuration.NmsThreshold, configuration.MaxDetections);

        var (kept, places) = best.masked_fill(keep.bitwise_not(), -1).sort(1, descending: true, stable: true);
        int wanted = Math.Min(configuration.MaxDetections, count);
        torch.Tensor labelled = torch.cat([sortedBoxes, label.add(1).to(torch.float32).unsqueeze(2)], 2);                  // (N, count, 5)
        torch.Tensor first = places.narrow(1, 0, wanted).unsqueeze(2).expand(-1, -1, 5);
        return ToHost(torch.cat([labelled.gather(1, first), kept.narrow(1, 0, wanted).unsqueeze(2)], 2));
    }

    /// <summary>The region at each place of each image, −1 at those behind its last.</summary>
    private static long[] Rows(IReadOnlyList<Box[]> proposals, int most)
    {
        long[] rows = new long[proposals.Count * most];
        long region = 0;
        for (int image = 0; image < proposals.Count; image++)
        {
            for (int i = 0; i < most; i++)
                rows[image * most + i] = i < proposals[image].Length ? region++ : -1;
        }

        return rows;
    }

    private torch.Tensor Regions(IReadOnlyList<Box[]> proposals)
    {
        float[] corners = [.. proposals.SelectMany(boxes => boxes).SelectMany(box => new[] { box.X1, box.Y1, box.X2, box.Y2 })];
        return DeviceTransfer.Upload(corners, [corners.Length / 4, 4], device);
    }

    /// <summary>(N, n, 6): corners, label and score, best first, a score of −1 behind the last.</summary>
    private static RegionDetections[] ToHost(torch.Tensor packed)
    {
        const int Columns = 6, Label = 4, Score = 5;
        int size = (int)packed.shape[1] * Columns;
        float[] values = DeviceTransfer.Floats(packed);
        return [.. Enumerable.Range(0, (int)packed.shape[0]).Select(image =>
        {
            float[][] rows = [.. values[(image * size)..((image + 1) * size)].Chunk(Columns).TakeWhile(row => row[Score] >= 0)];
            return new RegionDetections(Array.ConvertAll(rows, row => TensorBoxes.At(row)), Array.ConvertAll(rows, row => row[Score]), Array.ConvertAll(rows, row => (int)row[Label]));
        })];
    }
}
