using System.Runtime.CompilerServices;
using MaskRcnn.Coco.Masks;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Kernels;

namespace MaskRcnn.Detection.Masks;

/// <summary>
/// A detection's mask at the image's size, as runs. Only the pixels of its box are computed, and never stored: runs are
/// written column after column, as COCO's encoding has them.
/// </summary>
public static class MaskPaste
{
    /// <summary>Brings a mask to an image.</summary>
    /// <param name="probabilities">(side, side).</param>
    /// <param name="side">Side of the mask, 28.</param>
    /// <param name="box">The detection's box in the image's pixels.</param>
    /// <param name="height">The image's height.</param>
    /// <param name="width">The image's width.</param>
    /// <param name="threshold">torchvision's rule: pixels above it belong to the mask. detectron2's: pixels at or above it.</param>
    /// <param name="rule">How pixels are interpolated.</param>
    public static Rle Paste(ReadOnlySpan<float> probabilities, int side, Box box, int height, int width, double threshold, PasteRule rule) =>
        rule == PasteRule.Torchvision
            ? PasteTorchvision(probabilities, side, box, height, width, threshold)
            : PasteDetectron2(probabilities, side, box, height, width, threshold);

    /// <summary>The box that torchvision pastes into: enlarged by the mask's border of one, then cut to whole pixels toward zero.</summary>
    internal static (int X1, int Y1, int X2, int Y2) EnlargedBox(Box box, int side)
    {
        float scale = (float)(side + 2) / side;
        float halfWidth = (box.X2 - box.X1) * 0.5f * scale, halfHeight = (box.Y2 - box.Y1) * 0.5f * scale;
        float centreX = (box.X2 + box.X1) * 0.5f, centreY = (box.Y2 + box.Y1) * 0.5f;
        return ((int)(centreX - halfWidth), (int)(centreY - halfHeight), (int)(centreX + halfWidth), (int)(centreY + halfHeight));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Rle PasteTorchvision(ReadOnlySpan<float> probabilities, int side, Box box, int height, int width, double threshold)
    {
        (int x1, int y1, int x2, int y2) = EnlargedBox(box, side);
        BilinearTap[] columns = BilinearTap.Of(side + 2, Math.Max(x2 - x1 + 1, 1)), rows = BilinearTap.Of(side + 2, Math.Max(y2 - y1 + 1, 1));
        int firstX = Math.Max(x1, 0), endX = Math.Min(x1 + columns.Length, width), firstY = Math.Max(y1, 0), endY = Math.Min(y1 + rows.Length, height);
        // A border of zeros around the mask.
        float[] padded = new float[(side + 2) * (side + 2)];
        for (int y = 0; y < side; y++)
            probabilities.Slice(y * side, side).CopyTo(padded.AsSpan((y + 1) * (side + 2) + 1));
        MaskRuns runs = new(height, width);
        Span<float> column = stackalloc float[side + 2];
        for (int x = firstX; x < endX; x++)
        {
            BilinearTap tap = columns[x - x1];
            for (int y = 0; y < side + 2; y++)
                column[y] = tap.LowWeight * padded[y * (side + 2) + tap.Low] + tap.HighWeight * padded[y * (side + 2) + tap.High];
            runs.StartColumn(x, firstY);
            for (int y = firstY; y < endY; y++)
            {
                BilinearTap row = rows[y - y1];
                runs.Add(row.LowWeight * column[row.Low] + row.HighWeight * column[row.High] > threshold);
            }
        }

        return runs.ToRle();
    }

    private static Rle PasteDetectron2(ReadOnlySpan<float> probabilities, int side, Box box, int height, int width, double threshold)
    {
        int firstX = Math.Clamp((int)MathF.Floor(box.X1) - 1, 0, width), endX = Math.Clamp((int)MathF.Ceiling(box.X2) + 1, 0, width);
        int firstY = Math.Clamp((int)MathF.Floor(box.Y1) - 1, 0, height), endY = Math.Clamp((int)MathF.Ceiling(box.Y2) + 1, 0, height);
        MaskRuns runs = new(height, width);
        for (int x = firstX; x < endX; x++)
        {
            float sourceX = SourcePosition(x, box.X1, box.X2, side);
            runs.StartColumn(x, firstY);
            for (int y = firstY; y < endY; y++)
                runs.Add(Bilinear(probabilities, side, SourcePosition(y, box.Y1, box.Y2, side), sourceX) >= threshold);
        }

        return runs.ToRle();
    }

    /// <summary>Where a pixel's centre lies in the mask: grid_sample's arithmetic with align_corners false.</summary>
    private static float SourcePosition(int pixel, float from, float to, int side)
    {
        float normalised = (pixel + 0.5f - from) / (to - from) * 2 - 1;
        return ((normalised + 1) * side - 1) / 2;
    }

    /// <summary>The mask between pixels; zero outside.</summary>
    private static float Bilinear(ReadOnlySpan<float> mask, int side, float y, float x)
    {
        if (!(y > -1 && y < side && x > -1 && x < side))
            return 0;
        int top = (int)MathF.Floor(y), left = (int)MathF.Floor(x);
        float dy = y - top, dx = x - left;
        return (1 - dy) * (1 - dx) * At(mask, side, top, left) + (1 - dy) * dx * At(mask, side, top, left + 1)
            + dy * (1 - dx) * At(mask, side, top + 1, left) + dy * dx * At(mask, side, top + 1, left + 1);
    }

    private static float At(ReadOnlySpan<float> mask, int side, int y, int x) => y >= 0 && y < side && x >= 0 && x < side ? mask[y * side + x] : 0;
}
