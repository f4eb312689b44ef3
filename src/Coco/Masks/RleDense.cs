using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MaskRcnn.Coco.Masks;

/// <summary>Between runs and pixels: one byte a pixel, 0 for background, anything else for foreground.</summary>
public static class RleDense
{
    /// <summary>Encodes a row-major mask (H, W), as images lie in memory.</summary>
    /// <param name="mask">height × width bytes, row by row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <exception cref="RleException">The mask has another length.</exception>
    public static Rle Encode(ReadOnlySpan<byte> mask, int height, int width)
    {
        CheckLength(mask.Length, height, width);
        if (mask.Length == 0) return Rle.Empty(height, width);
        // A run starts wherever a pixel differs from the one above it (or, in row 0, from the foot of the column
        // before). Rows are compared a vector at a time; only the differences are touched one by one.
        var changes = new List<(int X, int Y)>();
        var perColumn = new int[width + 1];
        if (mask[0] != 0) Record(0, 0);
        ReadOnlySpan<byte> lastRow = mask.Slice((height - 1) * width, width);
        for (int x = 1; x < width; x++)
        {
            if ((mask[x] != 0) != (lastRow[x - 1] != 0)) Record(x, 0);
        }
        for (int y = 1; y < height; y++)
        {
            ReadOnlySpan<byte> row = mask.Slice(y * width, width), above = mask.Slice((y - 1) * width, width);
            int x = 0;
            for (; x <= width - Vector256<byte>.Count; x += Vector256<byte>.Count)
            {
                Vector256<byte> isZero = Vector256.Equals(Vector256.Create(row[x..]), Vector256<byte>.Zero);
                Vector256<byte> wasZero = Vector256.Equals(Vector256.Create(above[x..]), Vector256<byte>.Zero);
                for (uint bits = (isZero ^ wasZero).ExtractMostSignificantBits(); bits != 0; bits &= bits - 1)
                    Record(x + BitOperations.TrailingZeroCount(bits), y);
            }
            for (; x < width; x++)
            {
                if ((row[x] != 0) != (above[x] != 0)) Record(x, y);
            }
        }
        // Rows came in order, so a stable counting sort by column puts the starts in column-major order.
        for (int x = 0; x < width; x++) perColumn[x + 1] += perColumn[x];
        var starts = new uint[changes.Count + 1];
        foreach ((int x, int y) in CollectionsMarshal.AsSpan(changes)) starts[perColumn[x]++] = (uint)(x * height + y);
        starts[^1] = (uint)(height * width);
        for (int i = starts.Length - 1; i > 0; i--) starts[i] -= starts[i - 1];
        return Rle.FromTrusted(height, width, starts);

        void Record(int x, int y)
        {
            changes.Add((x, y));
            perColumn[x + 1]++;
        }
    }

    /// <summary>Encodes a column-major mask, COCO's own order.</summary>
    /// <param name="mask">height × width bytes, column by column.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <exception cref="RleException">The mask has another length.</exception>
    public static Rle EncodeColumnMajor(ReadOnlySpan<byte> mask, int height, int width)
    {
        CheckLength(mask.Length, height, width);
        var counts = new List<uint>();
        bool foreground = false;
        for (int i = 0; i < mask.Length; foreground = !foreground)
        {
            ReadOnlySpan<byte> rest = mask[i..];
            int run = foreground ? rest.IndexOf((byte)0) : rest.IndexOfAnyExcept((byte)0);
            if (run < 0) run = rest.Length;
            counts.Add((uint)run);
            i += run;
        }
        if (counts.Count == 0) counts.Add(0);
        return Rle.FromTrusted(height, width, [.. counts]);
    }

    /// <summary>Decodes to a row-major mask (H, W) of 0 and 1.</summary>
    /// <param name="rle">The mask.</param>
    public static byte[] Decode(Rle rle)
    {
        ArgumentNullException.ThrowIfNull(rle);
        var mask = new byte[rle.Height * rle.Width];
        Paint(rle, mask, (byte)1);
        return mask;
    }

    /// <summary>Decodes to a column-major mask of 0 and 1.</summary>
    /// <param name="rle">The mask.</param>
    public static byte[] DecodeColumnMajor(Rle rle)
    {
        ArgumentNullException.ThrowIfNull(rle);
        var mask = new byte[rle.Height * rle.Width];
        int position = 0;
        ReadOnlySpan<uint> counts = rle.Counts;
        for (int i = 0; i < counts.Length; i++)
        {
            if (i % 2 == 1) mask.AsSpan(position, (int)counts[i]).Fill(1);
            position += (int)counts[i];
        }
        return mask;
    }

    /// <summary>Writes <paramref name="value"/> at every foreground pixel of a row-major image; other pixels stay.</summary>
    /// <param name="rle">The mask.</param>
    /// <param name="image">height × width values, row by row.</param>
    /// <param name="value">The value to write, for instance an object's label.</param>
    /// <typeparam name="T">The image's sample type.</typeparam>
    /// <exception cref="RleException">The image has another length.</exception>
    public static void Paint<T>(Rle rle, Span<T> image, T value) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(rle);
        CheckLength(image.Length, rle.Height, rle.Width);
        int x = 0, y = 0;
        ReadOnlySpan<uint> counts = rle.Counts;
        for (int i = 0; i < counts.Length; i++)
        {
            int run = (int)counts[i];
            if (i % 2 == 0)
            {
                long position = (long)x * rle.Height + y + run;
                if (rle.Height > 0) (x, y) = ((int)(position / rle.Height), (int)(position % rle.Height));
                continue;
            }
            while (run > 0)
            {
                int inColumn = Math.Min(run, rle.Height - y);
                for (int offset = y * rle.Width + x, end = offset + inColumn * rle.Width; offset < end; offset += rle.Width) image[offset] = value;
                run -= inColumn;
                y += inColumn;
                if (y == rle.Height) (x, y) = (x + 1, 0);
            }
        }
    }

    private static void CheckLength(int length, int height, int width)
    {
        RleException.CheckSize(height, width);
        if (length != (long)height * width)
            throw new RleException($"A dense mask has {length} values; expected {(long)height * width} for size [{height}, {width}].");
    }
}
