using MaskRcnn.Coco.Formats.Images;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Formats.Masks;

/// <summary>Puts the masks of an image into one label image, where a pixel has room for one object.</summary>
internal static class MaskPainter
{
    /// <summary>
    /// Paints object i with the label i + 1. Where objects overlap the smaller is on top, of equal ones the earlier;
    /// crowds lie under everything else.
    /// </summary>
    /// <param name="masks">The masks, all of the image's size, and whether each is a crowd.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <returns>The image, and how many pixels belong to more than one object.</returns>
    public static (LabelImage Image, long OverlappingPixels) Paint(IReadOnlyList<(Rle Mask, bool IsCrowd)> masks, int height, int width)
    {
        var labels = new uint[height * width];
        foreach (int i in Enumerable.Range(0, masks.Count)
            .OrderByDescending(i => masks[i].IsCrowd).ThenByDescending(i => masks[i].Mask.Area).ThenByDescending(i => i))
            RleDense.Paint(masks[i].Mask, labels, (uint)(i + 1));
        return (new LabelImage(height, width, labels), Overlap(masks));
    }

    private static long Overlap(IReadOnlyList<(Rle Mask, bool IsCrowd)> masks)
    {
        if (masks.Count < 2) return 0;
        // Pixels in more than one mask: where the runs' starts and ends, in order, give a depth over 1.
        var edges = new List<(long Position, int Step)>();
        foreach ((Rle mask, _) in masks)
        {
            long position = 0;
            for (int i = 0; i < mask.Counts.Length; i++)
            {
                if (i % 2 == 1 && mask.Counts[i] > 0)
                {
                    edges.Add((position, 1));
                    edges.Add((position + mask.Counts[i], -1));
                }
                position += mask.Counts[i];
            }
        }
        edges.Sort();
        long overlapping = 0, last = 0;
        int depth = 0;
        foreach ((long position, int step) in edges)
        {
            if (depth > 1) overlapping += position - last;
            depth += step;
            last = position;
        }
        return overlapping;
    }
}
