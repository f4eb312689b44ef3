using CsCheck;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Tests.Masks;

/// <summary>What is not a mask is refused, and the message says what was found and what was expected.</summary>
public sealed class BadMaskTests
{
    [Theory]
    [InlineData(3, 4, new uint[] { 5, 5 }, "sum to 10; expected 12 for size [3, 4]")]
    [InlineData(3, 4, new uint[] { 13 }, "sum to 13; expected 12")]
    [InlineData(3, 4, new uint[0], "sum to 0; expected 12")]
    [InlineData(3, 4, new uint[] { uint.MaxValue, 13 }, "sum to 4294967308; expected 12")]
    [InlineData(-1, 4, new uint[] { 0 }, "[-1, 4] is not a mask's; expected [height, width]")]
    [InlineData(4, -1, new uint[] { 0 }, "[4, -1] is not a mask's; expected [height, width]")]
    [InlineData(46341, 46341, new uint[] { 2147488281 }, "[46341, 46341] is not a mask's; expected")]
    [InlineData(1_000_000_000, 1_000_000_000, new uint[] { 1 }, "at most 2^31-1 pixels")]
    public void Runs_must_sum_to_the_size(int height, int width, uint[] counts, string message) =>
        Assert.Contains(message, Assert.Throws<RleException>(() => Rle.FromCounts(height, width, counts)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("", "sum to 0; expected 6")]
    [InlineData("5", "sum to 5; expected 6 for size [2, 3]")]
    [InlineData("/", "byte 47 at character 0; expected 48 to 111")]
    [InlineData("6p", "byte 112 at character 1; expected 48 to 111")]
    [InlineData("6\0", "byte 0 at character 1; expected 48 to 111")]
    [InlineData("é", "byte 195 at character 0; expected 48 to 111")]
    [InlineData("P p", "byte 32 at character 1; expected 48 to 111")]
    [InlineData("6P", "ends inside a number at character 1")]
    [InlineData("oooooo", "ends inside a number at character 0")]
    [InlineData("oooooooo0", "more than 7 groups at character 0")]
    [InlineData("O", "run 0 is -1; expected a length from 0 to 2^32-1")]
    [InlineData("1111N", "run 4 is -1; expected a length")]
    [InlineData("ooooooO", "run 0 is -1; expected a length")]
    [InlineData("oooooo4", "run 0 is 5368709119; expected a length from 0 to 2^32-1")]
    [InlineData("oooooo3oooooo3", "sum to 8589934590; expected 6")]
    public void A_compressed_string_must_be_one(string text, string message) =>
        Assert.Contains(message, Assert.Throws<RleException>(() => Rle.FromCompressed(2, 3, text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Any_bytes_are_a_mask_or_an_rle_error() =>
        Gen.Select(Gen.Int[-2, 40], Gen.Int[-2, 40], Gen.OneOf(Gen.Byte.Array[0, 40], Gen.Byte[47, 112].Array[0, 40])).Sample((height, width, text) =>
        {
            try
            {
                Rle rle = Rle.FromCompressed(height, width, text);
                Assert.Equal(height * width, RleDense.Decode(rle).Length);
            }
            catch (RleException)
            {
            }
        }, iter: 20_000);

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    [InlineData(1.0000001e8, "100000010")]
    [InlineData(-1e300, "-1E+300")]
    public void A_coordinate_must_be_finite_and_near(double coordinate, string found)
    {
        for (int place = 0; place < 6; place++)
        {
            double[] polygon = [0, 0, 5, 0, 5, 5];
            polygon[place] = coordinate;
            string message = Assert.Throws<RleException>(() => PolygonRasterizer.Rasterize(polygon, 10, 10)).Message;
            Assert.Contains($"the coordinate {found}; expected pixels, at most 100000000", message, StringComparison.Ordinal);
            Assert.Throws<RleException>(() => PolygonRasterizer.Rasterize(new BoundingBox(1, coordinate, 2, 2), 10, 10));
            Assert.Throws<RleException>(() => PolygonRasterizer.Rasterize(new BoundingBox(1, 1, coordinate, 2), 10, 10));
        }
    }

    [Fact]
    public void Parts_must_have_pairs_of_numbers()
    {
        Refused([[1, 2, 3, 4, 5]], "A polygon has 5 numbers; expected x, y pairs");
        Refused([[1, 2, 3, 4, 5, 6], []], "A polygon has 0 numbers; expected x, y pairs");
        Refused([[1, 2, 3, 4], [1, 2, 3, 4, 5, 6]], "A part has 6 numbers, but the first part has 4 and so all parts are boxes; expected 4");
        Refused([], "no polygon; expected at least one");

        static void Refused(double[][] parts, string message) =>
            Assert.Contains(message, Assert.Throws<RleException>(() => PolygonRasterizer.Rasterize(parts, 10, 10)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Few_runs_cost_little_to_trace_and_draw_however_many_pixels_they_claim()
    {
        Rle corners = Rle.FromCounts(46340, 46340, [0, 1, 46340 * 46340 - 2, 1]);
        Rle full = Rle.FromCounts(46340, 46340, [0, 46340 * 46340]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(2, MaskOutline.ToPolygons(corners).Count);
        Assert.Equal(8, Assert.Single(MaskOutline.ToPolygons(full)).Length);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000);
    }

    [Fact]
    public void A_polygon_that_crosses_a_wide_image_again_and_again_is_refused()
    {
        double[] zigzag = [.. Enumerable.Range(0, 200).SelectMany(i => new double[] { i % 2 * 1e6, i / 50.0 })];
        RleException exception = Assert.Throws<RleException>(() => PolygonRasterizer.Rasterize([zigzag], 4, 1_000_000));
        Assert.Contains("crosses more than 4194304 pixel columns", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Masks_of_different_sizes_do_not_meet()
    {
        Rle a = Rle.Empty(2, 3), b = Rle.Empty(3, 2);
        Func<object>[] operations = [() => Rle.Union([a, b]), () => Rle.Intersection([a, b]), () => Rle.Iou(a, b)];
        foreach (Func<object> operation in operations)
            Assert.Contains("[2, 3] and [3, 2]; expected masks of one image", Assert.Throws<RleException>(operation).Message, StringComparison.Ordinal);
        Assert.Contains("expected at least one", Assert.Throws<RleException>(() => Rle.Union([])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dense_mask_must_have_the_length_of_its_size()
    {
        Func<object>[] operations = [() => RleDense.Encode(new byte[5], 2, 3), () => RleDense.EncodeColumnMajor(new byte[5], 2, 3)];
        foreach (Func<object> operation in operations)
            Assert.Contains("5 values; expected 6 for size [2, 3]", Assert.Throws<RleException>(operation).Message, StringComparison.Ordinal);
        Assert.Throws<RleException>(() => RleDense.Paint(Rle.Empty(2, 3), new byte[7].AsSpan(), (byte)1));
    }
}
