using CsCheck;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Formats.Images;

namespace MaskRcnn.Coco.Tests.Formats.Images;

public sealed class LabelImageFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("png", 8)]
    [InlineData("png", 16)]
    [InlineData("tif", 8)]
    [InlineData("tif", 16)]
    [InlineData("tif", 32)]
    public void Every_number_is_read_as_it_stands_in_the_file(string format, int bits)
    {
        uint max = bits == 32 ? uint.MaxValue : (1u << bits) - 1;
        Images(max).Sample(image =>
        {
            (int width, int height, uint[] samples) = image;
            byte[] file = format == "png" ? PlainPng.Encode(width, height, bits, 1, (x, y, _) => samples[y * width + x]) : PlainTiff.Encode(width, height, bits, samples);
            LabelImage read = LabelImageFile.Read(_folder.Write($"{Guid.NewGuid():N}.{format}", file));
            Assert.Equal((width, height), (read.Width, read.Height));
            Assert.Equal(samples, read.Labels);
        }, iter: 100);
    }

    [Fact]
    public void All_65536_numbers_survive_a_16_bit_png()
    {
        uint[] samples = [.. Enumerable.Range(0, 65536).Select(i => (uint)i)];
        byte[] png = LabelImageFile.ToPng(new LabelImage(256, 256, samples));
        Assert.Equal((256, 256, 16, 1), (PlainPng.Decode(png).Width, PlainPng.Decode(png).Height, PlainPng.Decode(png).Bits, PlainPng.Decode(png).Channels));
        Assert.Equal(samples, PlainPng.Decode(png).Samples);
        Assert.Equal(samples, LabelImageFile.Read(_folder.Write("a.png", png)).Labels);
    }

    [Fact]
    public void Numbers_survive_a_32_bit_tiff()
    {
        Images(uint.MaxValue).Sample(image =>
        {
            (int width, int height, uint[] samples) = image;
            byte[] tiff = LabelImageFile.ToTiff(new LabelImage(height, width, samples));
            (int w, int h, uint[] decoded) = PlainTiff.Decode32(tiff);
            Assert.Equal((width, height), (w, h));
            Assert.Equal(samples, decoded);
            Assert.Equal(samples, LabelImageFile.Read(_folder.Write($"{Guid.NewGuid():N}.tif", tiff)).Labels);
        }, iter: 50);
    }

    [Fact]
    public void Signed_labels_are_read_and_a_negative_one_is_refused()
    {
        Assert.Equal([0u, 7u], LabelImageFile.Read(_folder.Write("a.tif", PlainTiff.Encode(2, 1, 32, [0, 7], sampleFormat: 2))).Labels);
        Refused("b.tif", PlainTiff.Encode(2, 1, 32, [0, unchecked((uint)-3)], sampleFormat: 2), "the label -3");
    }

    [Theory]
    [InlineData(1, 0b01010000, new uint[] { 0, 1, 0, 1 })]
    [InlineData(2, 0b00011011, new uint[] { 0, 1, 2, 3 })]
    [InlineData(4, 0x3f, new uint[] { 3, 15 })]
    public void A_png_of_few_bits_is_not_stretched(int bits, byte row, uint[] expected) =>
        Assert.Equal(expected, LabelImageFile.Read(_folder.Write("a.png", PlainPng.Assemble(expected.Length, 1, bits, 0, PlainPng.Deflate([0, row])))).Labels);

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(32)]
    public void A_tiff_with_white_as_zero_is_not_inverted(int bits)
    {
        Assert.Equal([0u, 1, 2, 200], LabelImageFile.Read(_folder.Write("a.tif", PlainTiff.Encode(2, 2, bits, [0, 1, 2, 200], photometric: 0))).Labels);
        Assert.Equal([0u, 1, 2, 200], LabelImageFile.Read(_folder.Write("b.tif", PlainTiff.Encode(2, 2, bits, [0, 1, 2, 200]))).Labels);
    }

    [Fact]
    public void Images_that_are_not_label_maps_are_refused_by_name_and_cause()
    {
        Refused("empty.png", [], "a file of 0 bytes");
        Refused("text.png", "hello"u8.ToArray(), "not an image of a known kind");
        Refused("svg.png", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"u8.ToArray(), "not an image of a known kind");
        Refused("rgb.png", PlainPng.Encode(2, 2, 8, 3, (_, _, _) => 1), "3 channels");
        Refused("palette.png", PlainPng.Assemble(2, 1, 8, 3, PlainPng.Deflate([0, 1, 0])), "a palette");
        Refused("float.tif", PlainTiff.Encode(2, 1, 32, [0, 0], sampleFormat: 3), "Float");
        Refused("pages.tif", PlainTiff.Encode(2, 1, 8, [0, 1], pages: 2), "2 pages");
        byte[] whole = PlainPng.Encode(50, 50, 8, 1, (x, y, _) => (uint)(x * 7 + y * 3) & 255);
        Refused("cut.png", whole[..(whole.Length / 2)], "cannot be read");
        Refused("huge.png", PlainPng.Assemble(60000, 60000, 8, 0, PlainPng.Deflate([0, 1])), "60000 × 60000 pixels");
    }

    [Fact]
    public void Damaged_files_give_an_error_that_names_the_file_or_an_image()
    {
        byte[] png = PlainPng.Encode(20, 20, 16, 1, (x, y, _) => (uint)(x * y)), tiff = LabelImageFile.ToTiff(new LabelImage(20, 20, new uint[400]));
        Gen.Select(Gen.Bool, Gen.Int[0, 100_000], Gen.Byte, Gen.Int[0, 100_000]).Sample((usePng, at, value, length) =>
        {
            byte[] file = [.. usePng ? png : tiff];
            file[at % file.Length] = value;
            string path = _folder.Write("x" + (usePng ? ".png" : ".tif"), file[..(1 + length % file.Length)]);
            try
            {
                LabelImageFile.Read(path);
            }
            catch (DatasetContentException exception)
            {
                Assert.StartsWith(path, exception.Message, StringComparison.Ordinal);
            }
        }, iter: 300, threads: 1);
    }

    [Fact]
    public void A_size_is_read_from_the_header_alone()
    {
        byte[] png = PlainPng.Encode(640, 480, 8, 3, (_, _, _) => 0);
        Assert.Equal((640, 480), ImageFile.ReadSize(_folder.Write("a [1].png", png[..200])));
    }

    private static Gen<(int Width, int Height, uint[] Samples)> Images(uint max) =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40]).SelectMany((w, h) => Gen.UInt[0, max].Array[w * h].Select(samples => (w, h, samples)));

    private void Refused(string name, byte[] content, string cause)
    {
        var exception = Assert.Throws<DatasetContentException>(() => LabelImageFile.Read(_folder.Write(name, content)));
        Assert.Contains(name, exception.Message, StringComparison.Ordinal);
        Assert.Contains(cause, exception.Message, StringComparison.Ordinal);
        Assert.Contains("expected", exception.Message, StringComparison.Ordinal);
    }
}
