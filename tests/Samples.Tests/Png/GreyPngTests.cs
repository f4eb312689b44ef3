using System.IO.Compression;
using MaskRcnn.Samples.Png;
using MaskRcnn.Samples.Randomness;

namespace MaskRcnn.Samples.Tests.Png;

public sealed class GreyPngTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 300)]
    [InlineData(300, 1)]
    [InlineData(257, 63)]
    public void Another_decoder_reads_the_same_pixels(int width, int height)
    {
        var random = new RandomSource(width, height);
        byte[] pixels = [.. Enumerable.Range(0, width * height).Select(_ => (byte)random.NextBits())];
        (int w, int h, byte[] decoded) = Pictures.Decode(GreyPng.Encode(pixels, width, height));
        Assert.Equal((width, height), (w, h));
        Assert.Equal(pixels, decoded);
    }

    [Fact]
    public void A_picture_of_one_grey_is_written_too()
    {
        var pixels = new byte[64 * 32];
        Array.Fill(pixels, (byte)77);
        Assert.Equal(pixels, Pictures.Decode(GreyPng.Encode(pixels, 64, 32)).Pixels);
    }

    [Fact]
    public void Counts_that_ask_for_codes_longer_than_deflate_allows_are_written_all_the_same()
    {
        // Counts like Fibonacci's numbers make the deepest tree: 24 values would need 24 bits.
        var data = new List<byte>();
        for ((int value, int count, int next) = (0, 1, 1); value < 24; (count, next) = (next, count + next), value++)
            data.AddRange(Enumerable.Repeat((byte)value, count));
        using var zlib = new ZLibStream(new MemoryStream(HuffmanZlib.Compress(data.ToArray())), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        zlib.CopyTo(unpacked);
        Assert.Equal(data, unpacked.ToArray());
    }

    [Fact]
    public void What_is_smooth_gets_smaller()
    {
        byte[] pixels = [.. Enumerable.Range(0, 256 * 256).Select(i => (byte)((i % 256 + i / 256) / 2))];
        Assert.InRange(GreyPng.Encode(pixels, 256, 256).Length, 1, pixels.Length / 4);
    }
}
