using MaskRcnn.Detection.Images;
using MaskRcnn.Grains.Results.Parts;

namespace MaskRcnn.Grains.Tests.Results.Parts;

/// <summary>Thumbnails, decoded by libvips (they are written by Skia).</summary>
public sealed class ThumbnailTests
{
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(256, 256, 256, 256)]
    [InlineData(255, 100, 255, 100)]
    [InlineData(257, 256, 256, 255)]
    [InlineData(512, 512, 256, 256)]
    [InlineData(600, 400, 256, 171)]
    [InlineData(3, 2000, 1, 256)]
    [InlineData(5000, 1, 256, 1)]
    [InlineData(1023, 769, 256, 192)]
    public void The_longest_side_is_at_most_256_and_colours_stay(int width, int height, int expectedWidth, int expectedHeight)
    {
        RgbImage small = Decode(Thumbnail.ToJpeg(SampleShard.Pixels(width, height)));
        Assert.Equal((expectedWidth, expectedHeight), (small.Width, small.Height));
        for (int i = 0; i < small.Pixels.Length; i += 3)
        {
            Assert.InRange(small.Pixels[i], 196, 204);
            Assert.InRange(small.Pixels[i + 1], 96, 104);
            Assert.InRange(small.Pixels[i + 2], 46, 54);
        }
    }

    [Theory]
    [InlineData(512)]
    [InlineData(700)]
    [InlineData(1500)]
    public void A_ramp_stays_a_ramp(int side)
    {
        byte[] pixels = [.. Enumerable.Range(0, side * side).SelectMany(i => new[] { (byte)(255 * (i % side) / side), (byte)(255 * (i / side) / side), (byte)0 })];
        RgbImage small = Decode(Thumbnail.ToJpeg(new RgbImage(side, side, pixels)));
        for (int y = 8; y < 248; y++)
        {
            for (int x = 8; x < 248; x++)
            {
                int at = 3 * (y * 256 + x);
                Assert.InRange(small.Pixels[at], x - 6, x + 6);
                Assert.InRange(small.Pixels[at + 1], y - 6, y + 6);
            }
        }
    }

    [Fact]
    public void Thumbnails_are_made_only_when_wanted_and_of_pixels()
    {
        Assert.False(Encode(wanted: true, SampleShard.Pixels()).Thumbnail.IsEmpty);
        Assert.True(Encode(wanted: true, null).Thumbnail.IsEmpty);
        Assert.True(Encode(wanted: false, SampleShard.Pixels()).Thumbnail.IsEmpty);

        static EncodedImage Encode(bool wanted, RgbImage? pixels) => new ImageEncoder(SampleShard.Job(thumbnails: wanted))
            .Encode(SampleShard.Image("a"), SampleShard.Range(1), SampleShard.Detections(new Random(1), 1), pixels, SampleShard.Timings);
    }

    private static RgbImage Decode(byte[] jpeg)
    {
        DecodedImage decoded = ImageDecoder.Decode(jpeg, "thumbnail");
        Assert.Equal(ImageFormat.Jpeg, decoded.Format);
        return decoded.Image;
    }
}
