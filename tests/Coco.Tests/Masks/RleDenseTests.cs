using CsCheck;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Tests.Masks;

public sealed class RleDenseTests
{
    [Fact]
    public void A_row_major_mask_encodes_and_decodes_to_itself() =>
        MaskGen.Any.Sample(mask => Assert.Equal(mask.Pixels, RleDense.Decode(MaskGen.ToRle(mask))), iter: 3000);

    [Fact]
    public void Encoding_is_the_same_from_row_major_and_from_column_major() =>
        MaskGen.Any.Sample(mask =>
        {
            Rle rle = RleDense.EncodeColumnMajor(mask.ColumnMajor, mask.Height, mask.Width);
            Assert.True(rle.SameAs(MaskGen.ToRle(mask)));
            Assert.Equal(mask.ColumnMajor, RleDense.DecodeColumnMajor(rle));
        }, iter: 3000);

    [Fact]
    public void Only_the_first_run_may_be_0_long_after_encoding() =>
        MaskGen.Any.Sample(mask => Assert.DoesNotContain(0u, MaskGen.ToRle(mask).Counts[1..].ToArray()), iter: 200);

    [Fact]
    public void Every_width_encodes_whatever_is_left_over_by_the_vectors()
    {
        var random = new Random(1);
        for (int width = 1; width <= 100; width++)
        {
            var mask = new byte[3 * width];
            random.NextBytes(mask);
            // Any byte but 0 is foreground.
            for (int i = 0; i < mask.Length; i++) mask[i] = mask[i] < 128 ? (byte)0 : mask[i];
            Assert.Equal(mask.Select(m => m == 0 ? (byte)0 : (byte)1), RleDense.Decode(RleDense.Encode(mask, 3, width)));
        }
    }

    [Fact]
    public void Runs_of_length_0_decode_to_no_pixels() =>
        (from height in Gen.Int[1, 12] from width in Gen.Int[1, 12] from rle in MaskGen.Runs(height, width) select rle).Sample(rle =>
        {
            byte[] expected = [.. rle.Counts.ToArray().SelectMany((run, i) => Enumerable.Repeat((byte)(i % 2), (int)run))];
            Assert.Equal(expected, RleDense.DecodeColumnMajor(rle));
            Assert.Equal(DenseMask.FromColumnMajor(rle.Height, rle.Width, expected).Pixels, RleDense.Decode(rle));
        }, iter: 3000);

    [Fact]
    public void Painting_leaves_the_background_alone() =>
        MaskGen.Any.Sample(mask =>
        {
            int[] image = [.. Enumerable.Range(100, mask.Pixels.Length)];
            RleDense.Paint(MaskGen.ToRle(mask), image.AsSpan(), -7);
            Assert.Equal(mask.Pixels.Select((pixel, i) => pixel == 0 ? 100 + i : -7), image);
        }, iter: 200);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 7)]
    [InlineData(7, 0)]
    public void A_mask_without_pixels_is_one_run_of_length_0(int height, int width)
    {
        Rle rle = RleDense.Encode([], height, width);
        Assert.Equal([0u], rle.Counts.ToArray());
        Assert.True(rle.SameAs(RleDense.EncodeColumnMajor([], height, width)));
        Assert.Empty(RleDense.Decode(rle));
        Assert.Equal(default, rle.BoundingBox);
        Assert.True(Rle.Union([rle, rle]).SameAs(rle));
    }
}
