using System.Runtime.InteropServices;
using MaskRcnn.Coco.Masks;
using MaskRcnn.Detection.Boxes;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Masks;
using TorchSharp;

namespace MaskRcnn.Detection.TensorOperators;

/// <summary>
/// <see cref="MaskPaste"/> on a device: crops of several masks at a time are interpolated and compared with the
/// threshold there, and only the places where runs begin and end come to the host.
/// </summary>
internal static class TensorMaskPaste
{
    /// <summary>Pixels of a chunk: 32 MiB a map of single-precision values; about five such exist at a time.</summary>
    private const int ChunkPixels = 1 << 23;

    /// <summary>Brings masks to their images.</summary>
    /// <param name="probabilities">(K, side, side), single precision, on any device.</param>
    /// <param name="boxes">The K boxes in their images' pixels.</param>
    /// <param name="images">Height and width of the K images.</param>
    /// <param name="threshold">As of <see cref="MaskPaste.Paste"/>.</param>
    /// <param name="rule">How pixels are interpolated.</param>
    /// <param name="chunkPixels">Most pixels computed at a time, unless one column has more.</param>
    public static Rle[] Paste(torch.Tensor probabilities, IReadOnlyList<Box> boxes, IReadOnlyList<(int Height, int Width)> images, double threshold, PasteRule rule, int chunkPixels = ChunkPixels)
    {
        int side = (int)probabilities.shape[1];
        List<long>[] changes = [.. boxes.Select(_ => new List<long>())];
        // Masks of about one size share a chunk; the order within a mask stays.
        PasteCrop[] crops = [.. boxes.Select((box, i) => PasteCrop.Of(i, box, side, images[i], rule)).OrderBy(crop => (long)crop.Width * crop.Height).SelectMany(crop => crop.Strips(chunkPixels))];
        using torch.Tensor bordered = torch.nn.functional.pad(probabilities, [1, 1, 1, 1]);                                   // (K, side + 2, side + 2)
        foreach (ArraySegment<PasteCrop> chunk in Chunks(crops, chunkPixels))
            AddChanges(chunk, bordered, images, threshold, rule, changes);
        return [.. changes.Select((places, i) => ToRle(places, images[i]))];
    }

    private static IEnumerable<ArraySegment<PasteCrop>> Chunks(PasteCrop[] crops, int pixels)
    {
        int first = 0, width = 0, height = 0;
        for (int i = 0; i < crops.Length; i++)
        {
            (int nextWidth, int nextHeight) = (Math.Max(width, crops[i].Width), Math.Max(height, crops[i].Height));
            if (i > first && (long)(i + 1 - first) * nextWidth * nextHeight > pixels)
            {
                yield return new ArraySegment<PasteCrop>(crops, first, i - first);
                (first, nextWidth, nextHeight) = (i, crops[i].Width, crops[i].Height);
            }

            (width, height) = (nextWidth, nextHeight);
        }

        if (first < crops.Length)
            yield return new ArraySegment<PasteCrop>(crops, first, crops.Length - first);
    }

    private static void AddChanges(ArraySegment<PasteCrop> crops, torch.Tensor bordered, IReadOnlyList<(int Height, int Width)> images, double threshold, PasteRule rule, List<long>[] changes)
    {
        int width = crops.Max(crop => crop.Width), height = crops.Max(crop => crop.Height), column = height + 1;
        foreach (long place in Changes(crops, bordered, width, height, threshold, rule))
        {
            (long columnIndex, long y) = Math.DivRem(place, column);
            (long index, long x) = Math.DivRem(columnIndex, width);
            PasteCrop crop = crops[(int)index];
            List<long> own = changes[crop.Mask];
            long position = (crop.FirstX + x) * images[crop.Mask].Height + crop.FirstY + y;
            // A run to the foot of a column and one from the head of the next are one.
            if (own.Count > 0 && own[^1] == position)
                own.RemoveAt(own.Count - 1);
            else
                own.Add(position);
        }
    }

    /// <summary>Where pixels differ from those before them, in the order crop, column, row; below each column is a row outside.</summary>
    private static long[] Changes(ArraySegment<PasteCrop> crops, torch.Tensor bordered, int width, int height, double threshold, PasteRule rule)
    {
        using var scope = torch.NewDisposeScope();
        int count = crops.Count;
        torch.Device device = bordered.device;
        torch.Tensor masks = bordered.index_select(0, DeviceTransfer.Upload([.. crops.Select(crop => (long)crop.Mask)], [count], device));
        PasteTaps columns = PasteTaps.Of([.. crops.Select(crop => (crop.FirstX, crop.EndX, crop.X))], width, (int)masks.shape[1], rule, device);
        PasteTaps rows = PasteTaps.Of([.. crops.Select(crop => (crop.FirstY, crop.EndY, crop.Y))], height, (int)masks.shape[1], rule, device);
        torch.Tensor wide = Interpolate(masks.transpose(1, 2), columns).transpose(1, 2);                                       // (n, side + 2, W)
        using torch.Tensor values = Interpolate(wide, rows);                                                                  // (n, H, W)
        using torch.Tensor inside = rule == PasteRule.Torchvision ? values.gt(SinglePrecision.LargestNotAbove(threshold)) : values.ge(SinglePrecision.SmallestNotBelow(threshold));
        inside.bitwise_and_(rows.Present.unsqueeze(2)).bitwise_and_(columns.Present.unsqueeze(1));

        long pixels = (long)count * width * (height + 1);
        torch.Tensor flat = torch.zeros([pixels + 1], torch.@bool, device);                                                   // one pixel outside before all
        flat.narrow(0, 1, pixels).view(count, width, height + 1).narrow(2, 0, height).copy_(inside.transpose(1, 2));
        using torch.Tensor changed = flat.narrow(0, 1, pixels).bitwise_xor(flat.narrow(0, 0, pixels));
        return DeviceTransfer.Integers(changed.nonzero());
    }

    /// <summary>(n, s, w) between its rows: (n, h, w).</summary>
    private static torch.Tensor Interpolate(torch.Tensor source, PasteTaps taps)
    {
        long[] shape = [-1, -1, source.shape[2]];
        torch.Tensor low = source.gather(1, taps.Low.unsqueeze(2).expand(shape)).mul_(taps.LowWeight.unsqueeze(2));
        using torch.Tensor high = source.gather(1, taps.High.unsqueeze(2).expand(shape)).mul_(taps.HighWeight.unsqueeze(2));
        return low.add_(high);
    }

    private static Rle ToRle(List<long> changes, (int Height, int Width) image)
    {
        List<uint> counts = [];
        long from = 0;
        foreach (long change in changes)
        {
            counts.Add((uint)(change - from));
            from = change;
        }

        if ((long)image.Height * image.Width - from is > 0 and var rest)
            counts.Add((uint)rest);
        return Rle.FromCounts(image.Height, image.Width, CollectionsMarshal.AsSpan(counts));
    }
}
