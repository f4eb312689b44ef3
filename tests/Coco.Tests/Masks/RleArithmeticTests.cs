using CsCheck;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Tests.Masks;

/// <summary>The arithmetic on runs against the same arithmetic on pixels.</summary>
public sealed class RleArithmeticTests
{
    private static readonly Gen<Rle[]> ZeroRuns =
        from height in Gen.Int[1, 12]
        from width in Gen.Int[1, 12]
        from masks in MaskGen.Runs(height, width).Array[3]
        select masks;

    [Fact]
    public void Union_and_intersection_are_those_of_the_pixels() =>
        MaskGen.Pair.Sample(pair =>
        {
            (Rle a, Rle b) = (MaskGen.ToRle(pair.A), MaskGen.ToRle(pair.B));
            Assert.Equal(pair.A.Pixels.Zip(pair.B.Pixels, (p, q) => (byte)(p | q)), RleDense.Decode(Rle.Union([a, b])));
            Assert.Equal(pair.A.Pixels.Zip(pair.B.Pixels, (p, q) => (byte)(p & q)), RleDense.Decode(Rle.Intersection([a, b])));
            Assert.True(Rle.Union([a, b]).SameAs(Rle.Union([b, a])));
            Assert.True(Rle.Union([a, a]).SameAs(a));
        }, iter: 3000);

    [Fact]
    public void Masks_with_runs_of_length_0_merge_without_losing_pixels() =>
        ZeroRuns.Sample(masks =>
        {
            Rle union = Rle.Union(masks), intersection = Rle.Intersection(masks);
            byte[][] pixels = [.. masks.Select(RleDense.Decode)];
            Assert.Equal(pixels[0].Select((p, i) => (byte)(p | pixels[1][i] | pixels[2][i])), RleDense.Decode(union));
            Assert.Equal(pixels[0].Select((p, i) => (byte)(p & pixels[1][i] & pixels[2][i])), RleDense.Decode(intersection));
            Assert.Equal((uint)pixels[0].Length, union.Counts.ToArray().Aggregate((s, c) => s + c));
            Assert.Equal((uint)pixels[0].Length, intersection.Counts.ToArray().Aggregate((s, c) => s + c));
        }, iter: 3000);

    [Fact]
    public void A_run_of_length_0_at_the_same_pixel_of_both_masks_does_not_end_the_merge()
    {
        Rle a = Rle.FromCounts(1, 6, [3, 0, 2, 1]), b = Rle.FromCounts(1, 6, [3, 0, 3]);
        Assert.Equal([3u, 0, 2, 1], Rle.Union([a, b]).Counts.ToArray());
        Assert.Equal([3u, 0, 2, 1], Rle.Union([Rle.Union([a, b]), Rle.Empty(1, 6)]).Counts.ToArray());
    }

    [Fact]
    public void Intersection_over_union_is_that_of_the_pixels() =>
        MaskGen.Pair.Sample(pair =>
        {
            (Rle a, Rle b) = (MaskGen.ToRle(pair.A), MaskGen.ToRle(pair.B));
            int intersection = pair.A.Pixels.Zip(pair.B.Pixels).Count(p => p is (1, 1));
            int union = pair.A.Pixels.Zip(pair.B.Pixels).Count(p => p is not (0, 0));
            int area = pair.A.Pixels.Count(p => p == 1);
            Assert.Equal(intersection, Rle.IntersectionArea(a, b));
            Assert.Equal(intersection == 0 ? 0 : (double)intersection / union, Rle.Iou(a, b));
            Assert.Equal(intersection == 0 ? 0 : (double)intersection / area, Rle.Iou(a, b, groundTruthIsCrowd: true));
        }, iter: 3000);

    [Fact]
    public void Area_and_box_are_those_of_the_pixels() =>
        Gen.OneOf(MaskGen.Any.Select(MaskGen.ToRle), ZeroRuns.Select(masks => masks[0])).Sample(rle =>
        {
            byte[] pixels = RleDense.Decode(rle);
            int[] found = [.. Enumerable.Range(0, pixels.Length).Where(i => pixels[i] == 1)];
            Assert.Equal(found.Length, rle.Area);
            if (found.Length == 0)
            {
                Assert.Equal(default, rle.BoundingBox);
                return;
            }
            int left = found.Min(i => i % rle.Width), right = found.Max(i => i % rle.Width);
            int top = found.Min(i => i / rle.Width), bottom = found.Max(i => i / rle.Width);
            Assert.Equal(new BoundingBox(left, top, right - left + 1, bottom - top + 1), rle.BoundingBox);
        }, iter: 1000);

    [Fact]
    public void Compressed_strings_read_back_to_the_same_runs() =>
        Gen.OneOf(MaskGen.Any.Select(MaskGen.ToRle), ZeroRuns.Select(masks => masks[0])).Sample(rle =>
        {
            string text = rle.ToCompressed();
            Assert.All(text, c => Assert.InRange(c, (char)48, (char)111));
            Assert.True(Rle.FromCompressed(rle.Height, rle.Width, text).SameAs(rle));
        }, iter: 1000);

    [Fact]
    public void The_longest_runs_survive_the_compressed_string()
    {
        uint all = (uint)Rle.MaxPixels;
        uint[][] masks = [[all], [0, all], [1, all - 1], [all - 1, 1], [1, 1, 1, all - 3], [1, all - 4, 1, 1, 1], [0, 0, 0, 0, 0, all]];
        foreach (uint[] counts in masks)
        {
            Rle rle = Rle.FromCounts(int.MaxValue, 1, counts);
            Assert.Equal(counts, Rle.FromCompressed(int.MaxValue, 1, rle.ToCompressed()).Counts.ToArray());
        }
    }
}
