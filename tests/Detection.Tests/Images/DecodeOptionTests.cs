using MaskRcnn.Detection.Images;

namespace MaskRcnn.Detection.Tests.Images;

public sealed class DecodeOptionTests
{
    [Theory]
    [InlineData(1, "abcdef", 3)]
    [InlineData(2, "cbafed", 3)]
    [InlineData(3, "fedcba", 3)]
    [InlineData(4, "defabc", 3)]
    [InlineData(5, "adbecf", 2)]
    [InlineData(6, "daebfc", 2)]
    [InlineData(7, "fcebda", 2)]
    [InlineData(8, "cfbead", 2)]
    [InlineData(0, "abcdef", 3)]
    [InlineData(9, "abcdef", 3)]
    public void An_orientation_moves_each_pixel_to_its_place(int orientation, string expected, int width)
    {
        var image = new RgbImage(3, 2, [.. "abcdef".SelectMany(c => new[] { (byte)c, (byte)c, (byte)1 })]);
        RgbImage turned = ImageOrientation.Apply(image, orientation);
        Assert.Equal((width, 6 / width), (turned.Width, turned.Height));
        Assert.Equal(expected, string.Concat(turned.Pixels.Chunk(3).Select(pixel => (char)pixel[0])));
    }

    [Fact]
    public void The_limit_on_pixels_is_the_callers()
    {
        var options = new ImageDecodeOptions { MaxPixels = 61 * 47 };
        Assert.Equal(61, ImageDecoder.Decode(GoldenImage.Bytes("png-rgb.png"), "a", options).Image.Width);
        var error = Assert.Throws<ImageFormatException>(() => ImageDecoder.Decode(GoldenImage.Bytes("png-rgb.png"), "a", options with { MaxPixels = 61 * 47 - 1 }));
        Assert.Equal("a: it has 61 × 47 pixels; expected at most 2866 in all. Cut it into tiles, or raise the limit.", error.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(ImageDecodeOptions.MostPixels + 1)]
    public void A_limit_without_sense_is_refused(long limit)
    {
        var error = Assert.Throws<ArgumentException>(() => ImageDecoder.Decode([1], "a", new ImageDecodeOptions { MaxPixels = limit }));
        Assert.Contains($"MaxPixels is {limit}; expected 1 to 700000000", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tiff-float.tif", "float32")]
    [InlineData("tiff-signed-16-bit.tif", "int16")]
    public void Samples_without_a_fixed_range_need_a_stretch(string file, string type)
    {
        var error = Assert.Throws<ImageFormatException>(() => ImageDecoder.Decode(GoldenImage.Bytes(file), "a.tif"));
        Assert.Equal(ImageProblem.Unsupported, error.Problem);
        Assert.Equal(ImageFormat.Tiff, error.Format);
        Assert.Contains(type, error.Reason, StringComparison.Ordinal);
        Assert.Contains("--stretch", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stretch_leaves_images_of_8_bits_alone()
    {
        foreach (string file in new[] { "png-grey.png", "tiff-cmyk.tif", "bmp-565.bmp", "jpeg-cmyk.jpg" })
            Assert.Equal(GoldenImage.Hash(ImageDecoder.Decode(GoldenImage.Bytes(file), "a").Image), GoldenImage.Hash(ImageDecoder.Decode(GoldenImage.Bytes(file), "a", new ImageDecodeOptions { Stretch = true }).Image));
    }

    [Fact]
    public void Percentiles_become_black_and_white()
    {
        // Of 1001 numbers the second and the last but one.
        float[] values = [.. Enumerable.Range(0, 1001).Select(i => i is 0 ? -1e30f : i is 1000 ? 1e30f : i - 500f)];
        Assert.Equal((0, 0), (Stretched(values)[0], Stretched(values)[1]));
        Assert.Equal((255, 255), (Stretched(values)[999], Stretched(values)[1000]));
        Assert.Equal((byte)Math.Round((500 - 1) * 255 / 998.0), Stretched(values)[500]);
    }

    [Fact]
    public void Numbers_that_are_none_and_images_of_one_level_are_no_trouble()
    {
        Assert.Equal([0, 255, 0, 0, 255], Stretched([float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1, 2]));
        Assert.Equal([0, 0], Stretched([float.NaN, float.NaN]));
        Assert.Equal([0, 0, 0], Stretched([7, 7, 7]));
        Assert.Equal([0, 255], Stretched([-0f, float.MaxValue]));
    }

    private static byte[] Stretched(float[] values)
    {
        var rgb = new byte[values.Length * 3];
        IntensityStretch.ToRgb(values, 1, rgb);
        return [.. rgb.Where((_, i) => i % 3 == 0)];
    }
}
