using CsCheck;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Tests.Masks;

/// <summary>A mask as plain pixels, row by row: what the tests compare runs with.</summary>
internal sealed record DenseMask(int Height, int Width, byte[] Pixels)
{
    public bool this[int x, int y] => Pixels[y * Width + x] != 0;

    public byte[] ColumnMajor => [.. from x in Enumerable.Range(0, Width) from y in Enumerable.Range(0, Height) select Pixels[y * Width + x]];

    public static DenseMask FromColumnMajor(int height, int width, byte[] pixels) =>
        new(height, width, [.. from y in Enumerable.Range(0, height) from x in Enumerable.Range(0, width) select pixels[x * height + y]]);

    public static DenseMask FromRows(params string[] rows) =>
        new(rows.Length, rows[0].Length, [.. rows.SelectMany(row => row.Select(c => c == '#' ? (byte)1 : (byte)0))]);
}

/// <summary>Random masks.</summary>
internal static class MaskGen
{
    private static readonly int[] Percents = [0, 2, 20, 50, 80, 98, 100];

    private static readonly Gen<int> Side = Gen.Frequency((1, Gen.Int[1, 3]), (3, Gen.Int[1, 40]), (1, Gen.Int[30, 140]));

    /// <summary>Noise of any density: many short runs.</summary>
    public static readonly Gen<DenseMask> Noise =
        from height in Side
        from width in Side
        from percent in Gen.Int[0, 6].Select(i => Percents[i])
        from pixels in Gen.Int[0, 99].Array[height * width]
        select new DenseMask(height, width, [.. pixels.Select(p => p < percent ? (byte)1 : (byte)0)]);

    /// <summary>Rectangles painted and erased over each other: objects with holes, long runs.</summary>
    public static readonly Gen<DenseMask> Rectangles =
        from height in Side
        from width in Side
        from rectangles in Gen.Select(Gen.Int[0, width], Gen.Int[0, width], Gen.Int[0, height], Gen.Int[0, height]).Array[1, 12]
        select Paint(height, width, rectangles);

    public static readonly Gen<DenseMask> Any = Gen.OneOf(Noise, Rectangles);

    /// <summary>Two masks of one size.</summary>
    public static readonly Gen<(DenseMask A, DenseMask B)> Pair =
        from a in Any
        from pixels in Gen.Frequency((3, Gen.Byte[0, 1].Array[a.Pixels.Length]), (1, Gen.Const(new byte[a.Pixels.Length])))
        from shift in Gen.Int[0, a.Pixels.Length]
        from noise in Gen.Bool
        select (a, a with { Pixels = noise ? pixels : [.. a.Pixels[shift..], .. a.Pixels[..shift]] });

    /// <summary>Runs that also have length 0 in the middle or at the end, as some tools write them.</summary>
    public static Gen<Rle> Runs(int height, int width) =>
        from lengths in Gen.Frequency((1, Gen.Const(0)), (2, Gen.Int[0, 6]), (1, Gen.Int[0, 40])).Array[0, 60]
        select ToRle(height, width, lengths);

    public static Rle ToRle(DenseMask mask) => RleDense.Encode(mask.Pixels, mask.Height, mask.Width);

    private static Rle ToRle(int height, int width, int[] lengths)
    {
        var counts = new List<uint>();
        int left = height * width;
        foreach (int length in lengths)
        {
            counts.Add((uint)Math.Min(length, left));
            left -= Math.Min(length, left);
        }
        if (left > 0) counts.Add((uint)left);
        return Rle.FromCounts(height, width, [.. counts]);
    }

    private static DenseMask Paint(int height, int width, (int X0, int X1, int Y0, int Y1)[] rectangles)
    {
        var pixels = new byte[height * width];
        for (int i = 0; i < rectangles.Length; i++)
        {
            (int x0, int x1, int y0, int y1) = rectangles[i];
            for (int y = Math.Min(y0, y1); y < Math.Max(y0, y1); y++)
                pixels.AsSpan(y * width).Slice(Math.Min(x0, x1), Math.Abs(x1 - x0)).Fill((byte)(i % 3 == 2 ? 0 : 1));
        }
        return new DenseMask(height, width, pixels);
    }
}
