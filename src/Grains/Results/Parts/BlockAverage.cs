using System.Buffers;
using MaskRcnn.Detection.Images;

namespace MaskRcnn.Grains.Results.Parts;

/// <summary>Shrinks an image by whole factors.</summary>
internal static class BlockAverage
{
    /// <summary>Averages blocks of across × down pixels; what is left at the right and the bottom is dropped.</summary>
    /// <param name="image">The image.</param>
    /// <param name="across">Width of a block, at least 1.</param>
    /// <param name="down">Height of a block, at least 1.</param>
    /// <param name="rgba">Takes four bytes a block, row by row.</param>
    public static void ToRgba(RgbImage image, int across, int down, Span<byte> rgba)
    {
        int width = image.Width / across, height = image.Height / down;
        uint[] sums = ArrayPool<uint>.Shared.Rent(3 * width);
        uint area = (uint)(across * down);
        // Sums stay below 2^32, as a block has fewer than 2^24 pixels.
        double factor = 1.0 / area;
        for (int y = 0; y < height; y++)
        {
            Array.Clear(sums, 0, 3 * width);
            for (int row = y * down; row < (y + 1) * down; row++)
                AddRow(image.Pixels.AsSpan(3 * image.Width * row, 3 * width * across), across, sums);
            Span<byte> target = rgba.Slice(4 * width * y, 4 * width);
            for (int x = 0; x < width; x++)
            {
                target[4 * x] = (byte)(sums[3 * x] * factor + .5);
                target[4 * x + 1] = (byte)(sums[3 * x + 1] * factor + .5);
                target[4 * x + 2] = (byte)(sums[3 * x + 2] * factor + .5);
                target[4 * x + 3] = 255;
            }
        }
        ArrayPool<uint>.Shared.Return(sums);
    }

    private static void AddRow(ReadOnlySpan<byte> row, int across, Span<uint> sums)
    {
        int at = 0;
        for (int x = 0; at < row.Length; x += 3)
        {
            uint red = 0, green = 0, blue = 0;
            for (int i = 0; i < across; i++, at += 3)
            {
                red += row[at];
                green += row[at + 1];
                blue += row[at + 2];
            }
            sums[x] += red;
            sums[x + 1] += green;
            sums[x + 2] += blue;
        }
    }
}
