using MaskRcnn.Coco.Masks;
using SkiaSharp;

namespace MaskRcnn.Client.Predict;

/// <summary>Draws masks from their runs: a tint over the pixels, and a thin outline.</summary>
internal static class MaskLayer
{
    /// <summary>How much of the colour a tinted pixel has, of 256.</summary>
    private const int Tint = 108;

    /// <summary>How far from a corner of the pixel grid the outline leaves it, in pixels.</summary>
    private const double Rounding = 1;

    /// <summary>Tints the mask's pixels.</summary>
    /// <param name="pixels">Rows of red, green, blue and alpha.</param>
    /// <param name="mask">As large as the image.</param>
    /// <param name="color">The colour.</param>
    public static void Fill(Span<byte> pixels, Rle mask, SKColor color)
    {
        int r = color.Red * Tint, g = color.Green * Tint, b = color.Blue * Tint;
        long position = 0;
        ReadOnlySpan<uint> counts = mask.Counts;
        for (int i = 0; i + 1 < counts.Length; i += 2)
        {
            long start = position + counts[i];
            position = start + counts[i + 1];
            (long x, long y) = mask.Height == 0 ? (0, 0) : Math.DivRem(start, mask.Height);
            for (long left = counts[i + 1]; left > 0; left--)
            {
                Span<byte> pixel = pixels.Slice((int)(4 * (y * mask.Width + x)), 3);
                pixel[0] = (byte)((pixel[0] * (256 - Tint) + r) >> 8);
                pixel[1] = (byte)((pixel[1] * (256 - Tint) + g) >> 8);
                pixel[2] = (byte)((pixel[2] * (256 - Tint) + b) >> 8);
                if (++y < mask.Height) continue;
                y = 0;
                x++;
            }
        }
    }

    /// <summary>The mask's outline along the pixels' edges, its steps smoothed.</summary>
    public static SKPath Outline(Rle mask)
    {
        var path = new SKPath();
        foreach (MaskOutline.Component component in MaskOutline.Trace(mask))
        {
            AddRing(path, component.Outer);
            foreach (double[] hole in component.Holes) AddRing(path, hole);
        }
        return path;
    }

    private static void AddRing(SKPath path, double[] corners)
    {
        bool started = false;
        for (int i = 0; i < corners.Length; i += 2)
        {
            int next = (i + 2) % corners.Length;
            double dx = corners[next] - corners[i], dy = corners[next + 1] - corners[i + 1];
            double length = Math.Abs(dx) + Math.Abs(dy), cut = Math.Min(Rounding, length / 2) / length;
            Add(corners[i] + dx * cut, corners[i + 1] + dy * cut);
            if (cut < .5) Add(corners[next] - dx * cut, corners[next + 1] - dy * cut);
        }
        path.Close();

        void Add(double x, double y)
        {
            if (started) path.LineTo((float)x, (float)y);
            else path.MoveTo((float)x, (float)y);
            started = true;
        }
    }
}
