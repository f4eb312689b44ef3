using MaskRcnn.Detection.Images;

namespace MaskRcnn.Detection.Tests.Images;

public sealed class GoldenImageTests
{
    public static TheoryData<string> Files => [.. GoldenImage.All.Select(image => image.File)];

    [Theory]
    [MemberData(nameof(Files))]
    public void An_image_has_the_pixels_that_Pillow_gives(string file)
    {
        GoldenImage golden = GoldenImage.All.Single(image => image.File == file);
        DecodedImage decoded = ImageDecoder.DecodeFile(GoldenImage.Path(file), golden.Options);
        Assert.Equal((golden.Width, golden.Height), (decoded.Image.Width, decoded.Image.Height));
        Assert.Equal(golden.Warnings, decoded.Warnings.Count);
        if (golden.Reference is null)
        {
            Assert.Equal(golden.Sha256, GoldenImage.Hash(decoded.Image));
            return;
        }
        RgbImage reference = ImageDecoder.DecodeFile(GoldenImage.Path(golden.Reference)).Image;
        Assert.Equal(golden.Sha256, GoldenImage.Hash(reference));
        int most = decoded.Image.Pixels.Zip(reference.Pixels, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(most <= 2, $"{file}: a pixel differs by {most} from Pillow's; expected at most 2.");
    }

    [Fact]
    public void Orientation_is_left_alone_unless_asked_for()
    {
        foreach (GoldenImage golden in GoldenImage.All.Where(image => image.Orientation > 0))
        {
            RgbImage image = ImageDecoder.DecodeFile(GoldenImage.Path(golden.File)).Image;
            Assert.Equal((21, 14), (image.Width, image.Height));
        }
        Assert.Equal(8, GoldenImage.All.Count(image => image.Orientation > 0));
    }

    [Fact]
    public void A_file_of_several_images_says_that_only_the_first_is_used()
    {
        Assert.Equal(["a.tif: it has 2 pages; only the first is used."], ImageDecoder.Decode(GoldenImage.Bytes("tiff-pages.tif"), "a.tif").Warnings);
        Assert.Equal(["b: it has 2 frames; only the first is used."], ImageDecoder.Decode(GoldenImage.Bytes("webp-animated.webp"), "b").Warnings);
    }

    [Fact]
    public async Task Many_threads_decode_the_same_pixels()
    {
        (byte[] Data, GoldenImage Golden)[] files = [.. GoldenImage.All.Select(golden => (GoldenImage.Bytes(golden.File), golden))];
        string[] expected = [.. files.Select(file => GoldenImage.Hash(ImageDecoder.Decode(file.Data, "x", file.Golden.Options).Image))];
        await Parallel.ForAsync(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, (i, _) =>
        {
            int k = i * 37 % files.Length;
            Assert.Equal(expected[k], GoldenImage.Hash(ImageDecoder.Decode(files[k].Data, "x", files[k].Golden.Options).Image));
            return ValueTask.CompletedTask;
        });
    }
}
