using MaskRcnn.Coco.Masks;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Detection.Training.Data;

/// <summary>The pixels of one object, cut to their extents: each side has at least one pixel of the object. Immutable.</summary>
public sealed class InstanceMask
{
    private InstanceMask(int x, int y, int width, int height, byte[] bits)
    {
        X = x;
        Y = y;
        Width = width;
        Height = height;
        Bits = bits;
        foreach (byte bit in bits) Area += bit;
    }

    /// <summary>The first column with a pixel.</summary>
    public int X { get; }

    /// <summary>The first row with a pixel.</summary>
    public int Y { get; }

    /// <summary>Columns from the first to the last with a pixel, at least 1.</summary>
    public int Width { get; }

    /// <summary>Rows from the first to the last with a pixel, at least 1.</summary>
    public int Height { get; }

    /// <summary>Height × width bytes, row by row: 1 where the object is, otherwise 0. Not to be changed.</summary>
    public byte[] Bits { get; }

    /// <summary>How many pixels the object has, at least 1.</summary>
    public long Area { get; }

    /// <summary>The smallest box that holds the pixels; right and bottom are exclusive.</summary>
    public Box Extents => new(X, Y, X + Width, Y + Height);

    /// <summary>Whether the object has the pixel of the image.</summary>
    public bool Has(int x, int y) => x >= X && y >= Y && x < X + Width && y < Y + Height && Bits[(y - Y) * Width + x - X] != 0;

    /// <summary>The mask of a part of the image; null when it has no pixel.</summary>
    /// <param name="x">The part's first column.</param>
    /// <param name="y">The part's first row.</param>
    /// <param name="width">The part's columns.</param>
    /// <param name="height">The part's rows.</param>
    /// <param name="bits">The part, row by row: 0 or 1. Copied.</param>
    /// <exception cref="ArgumentException">The sizes do not agree.</exception>
    public static InstanceMask? Of(int x, int y, int width, int height, ReadOnlySpan<byte> bits)
    {
        if (width < 0 || height < 0 || bits.Length != (long)width * height)
            throw new ArgumentException($"{bits.Length} bytes for a mask of {width}×{height}; expected one a pixel.", nameof(bits));
        int top = 0, bottom = height, left = width, right = 0;
        while (top < bottom && !Row(bits, top).Contains((byte)1)) top++;
        while (bottom > top && !Row(bits, bottom - 1).Contains((byte)1)) bottom--;
        for (int row = top; row < bottom; row++)
        {
            int first = Row(bits, row).IndexOf((byte)1);
            if (first < 0) continue;
            left = Math.Min(left, first);
            right = Math.Max(right, Row(bits, row).LastIndexOf((byte)1) + 1);
        }
        if (top == bottom) return null;
        byte[] cut = GC.AllocateUninitializedArray<byte>((right - left) * (bottom - top));
        for (int row = top; row < bottom; row++) Row(bits, row)[left..right].CopyTo(cut.AsSpan((row - top) * (right - left)));
        return new InstanceMask(x + left, y + top, right - left, bottom - top, cut);

        ReadOnlySpan<byte> Row(ReadOnlySpan<byte> all, int row) => all.Slice(row * width, width);
    }

    /// <summary>Takes bits that are known to be 0 or 1 and to reach each side.</summary>
    internal static InstanceMask FromTrusted(int x, int y, int width, int height, byte[] bits) => new(x, y, width, height, bits);

    /// <summary>How many of the object's pixels lie in columns from <paramref name="left"/> to before <paramref name="right"/> and such rows.</summary>
    internal long AreaWithin(int left, int top, int right, int bottom)
    {
        (left, top, right, bottom) = (Math.Max(left, X), Math.Max(top, Y), Math.Min(right, X + Width), Math.Min(bottom, Y + Height));
        if (left >= right || top >= bottom) return 0;
        if (right - left == Width && bottom - top == Height) return Area;
        long area = 0;
        for (int y = top; y < bottom; y++)
        {
            foreach (byte bit in Bits.AsSpan((y - Y) * Width + left - X, right - left)) area += bit;
        }
        return area;
    }

    /// <summary>The mask of runs; null when they have no pixel. Takes time and memory of the extents, not of the image.</summary>
    public static InstanceMask? Of(Rle rle)
    {
        ArgumentNullException.ThrowIfNull(rle);
        BoundingBox box = rle.BoundingBox;
        (int x, int y, int width, int height) = ((int)box.X, (int)box.Y, (int)box.Width, (int)box.Height);
        if (width == 0 || height == 0) return null;
        var bits = new byte[width * height];
        int column = 0, row = 0;
        for (int i = 0; i < rle.Counts.Length; i++)
        {
            // Runs go down the columns, and from a column's foot to the next one's head.
            long end = row + rle.Counts[i];
            if (i % 2 == 1)
            {
                for (long from = row, last = end; last > 0; from = 0, last -= rle.Height, column++)
                {
                    for (long at = from; at < Math.Min(last, rle.Height); at++) bits[((int)at - y) * width + column - x] = 1;
                    if (last < rle.Height) break;
                }
            }
            else
            {
                column += (int)(end / rle.Height);
            }
            row = (int)(end % rle.Height);
        }
        return Of(x, y, width, height, bits);
    }
}
