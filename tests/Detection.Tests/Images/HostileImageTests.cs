using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using MaskRcnn.Detection.Images;

namespace MaskRcnn.Detection.Tests.Images;

public sealed class HostileImageTests
{
    public static TheoryData<string> Files => [.. GoldenImage.All.Select(image => image.File)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_truncated_image_is_an_error(string file)
    {
        GoldenImage golden = GoldenImage.All.Single(image => image.File == file);
        byte[] whole = GoldenImage.Bytes(file);
        // What an image can do without: the end marker of a JPEG, a checksum, the padding of a row, another page.
        int needed = golden.Warnings > 0 ? whole.Length / 3 : whole.Length - 24;
        for (int length = 0; length < needed; length += Math.Max(1, whole.Length / 60))
        {
            var error = Assert.Throws<ImageFormatException>(() => ImageDecoder.Decode(whole[..length], "cut", golden.Options));
            Assert.StartsWith("cut: it", error.Message, StringComparison.Ordinal);
            Assert.True(error.Problem is ImageProblem.Damaged or ImageProblem.Empty or ImageProblem.UnknownFormat, $"{length} bytes: {error.Message}");
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_damaged_image_is_an_image_or_an_error(string file)
    {
        GoldenImage golden = GoldenImage.All.Single(image => image.File == file);
        byte[] whole = GoldenImage.Bytes(file);
        var random = new Random(5);
        for (int i = 0; i < 60; i++)
        {
            byte[] damaged = [.. whole];
            // Headers are where the harm is.
            int reach = i % 2 == 0 ? Math.Min(120, whole.Length) : whole.Length;
            for (int flips = 1 + i % 3; flips > 0; flips--) damaged[random.Next(reach)] ^= (byte)(1 << random.Next(8));
            try
            {
                RgbImage image = ImageDecoder.Decode(damaged, "damaged", golden.Options with { MaxPixels = 1_000_000 }).Image;
                Assert.InRange((long)image.Width * image.Height, 1, 1_000_000);
            }
            catch (ImageFormatException error)
            {
                Assert.Equal("damaged", error.Name);
            }
        }
    }

    [Theory]
    [InlineData("png-rgb.png")]
    [InlineData("jpeg-420.jpg")]
    [InlineData("jpeg-progressive.jpg")]
    [InlineData("webp-lossless.webp")]
    [InlineData("bmp-24-bit.bmp")]
    [InlineData("bmp-rle8.bmp")]
    [InlineData("tiff-uncompressed.tif")]
    public void A_header_that_promises_too_many_pixels_is_refused_before_decoding(string file)
    {
        // libjpeg refuses more than 65500 by itself, and a WebP has no more than 16383.
        int side = Path.GetExtension(file) switch { ".jpg" => 65500, ".webp" => 16383, _ => ushort.MaxValue };
        byte[] lying = Lie(GoldenImage.Bytes(file), side, side);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<ImageFormatException>(() => ImageDecoder.Decode(lying, "bomb"));
        Assert.Equal(ImageProblem.TooManyPixels, error.Problem);
        Assert.Contains($"{side} × {side}", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData("png-rgb.png")]
    [InlineData("webp-lossless.webp")]
    [InlineData("bmp-24-bit.bmp")]
    [InlineData("tiff-uncompressed.tif")]
    public void A_header_that_promises_more_than_there_is_costs_no_memory_and_is_an_error(string file)
    {
        byte[] lying = Lie(GoldenImage.Bytes(file), 14_000, 14_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(ImageProblem.Damaged, Assert.Throws<ImageFormatException>(() => ImageDecoder.Decode(lying, "lie")).Problem);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    [Fact]
    public void A_jpeg_that_is_closed_too_early_is_an_error_and_not_half_grey()
    {
        byte[] whole = GoldenImage.Bytes("jpeg-420.jpg");
        var error = Assert.Throws<ImageFormatException>(() => ImageDecoder.Decode([.. whole[..(whole.Length * 2 / 3)], 0xff, 0xd9], "closed"));
        Assert.Equal(ImageProblem.Damaged, error.Problem);
    }

    [Fact]
    public void Stray_bytes_in_a_jpeg_are_a_warning()
    {
        byte[] whole = GoldenImage.Bytes("jpeg-420.jpg");
        int table = whole.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xff, 0xdb]);
        DecodedImage decoded = ImageDecoder.Decode([.. whole[..table], 1, 2, 3, .. whole[table..]], "stray");
        Assert.Equal(["stray: its JPEG data is damaged in places; some pixels may be wrong."], decoded.Warnings);
        Assert.Equal(GoldenImage.Hash(ImageDecoder.Decode(whole, "whole").Image), GoldenImage.Hash(decoded.Image));
    }

    [Fact]
    public void A_png_that_unpacks_to_more_than_allowed_is_refused()
    {
        const int side = 20_000;
        using var deflated = new MemoryStream();
        using (var zlib = new ZLibStream(deflated, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int row = 0; row < side; row++) zlib.Write(new byte[1 + side / 8]);
        }
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, side);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), side);
        header[8] = 1;
        byte[] bomb = [0x89, .. "PNG\r\n\x1a\n"u8, .. Chunk("IHDR", header), .. Chunk("IDAT", deflated.ToArray()), .. Chunk("IEND", [])];
        var error = Assert.Throws<ImageFormatException>(() => ImageDecoder.Decode(bomb, "bomb.png"));
        Assert.Equal(ImageProblem.TooManyPixels, error.Problem);
        Assert.Equal("bomb.png: it has 20000 × 20000 pixels; expected at most 200000000 in all. Cut it into tiles, or raise the limit.", error.Message);
    }

    [Theory]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"5\" height=\"5\"/>", "'<svg xmlns=\"'")]
    [InlineData("%PDF-1.4\n", "25 50 44 46")]
    [InlineData("GIF89a\u0001\0\u0001\0", "47 49 46 38 39 61")]
    [InlineData("1,2,3\n4,5,6\n", "31 2c 32")]
    [InlineData("P5 1 1 255 x", "'P5 1 1 255 x'")]
    [InlineData("B", "'B' (42)")]
    public void What_is_none_of_the_formats_is_refused_with_its_first_bytes(string content, string shown)
    {
        var error = Assert.Throws<ImageFormatException>(() => ImageDecoder.Decode(Encoding.Latin1.GetBytes(content), "a.png"));
        Assert.Equal(ImageProblem.UnknownFormat, error.Problem);
        Assert.Null(error.Format);
        Assert.Contains(shown, error.Reason, StringComparison.Ordinal);
        Assert.Contains("expected a JPEG, PNG, WebP, BMP or TIFF", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_file_is_named() =>
        Assert.Equal("e.jpg: it is 0 bytes long; expected an image file.", Assert.Throws<ImageFormatException>(() => ImageDecoder.Decode([], "e.jpg")).Message);

    /// <summary>The file with another width and height in its header.</summary>
    private static byte[] Lie(byte[] file, int width, int height)
    {
        byte[] lying = [.. file];
        Span<byte> data = lying;
        switch (ImageSignature.FormatOf(file))
        {
            case ImageFormat.Png:
                BinaryPrimitives.WriteInt32BigEndian(data[16..], width);
                BinaryPrimitives.WriteInt32BigEndian(data[20..], height);
                BinaryPrimitives.WriteUInt32BigEndian(data[29..], BinaryPrimitives.ReadUInt32LittleEndian(Crc32.Hash(lying[12..29])));
                break;
            case ImageFormat.Jpeg:
                int frame = Math.Max(data.IndexOf((ReadOnlySpan<byte>)[0xff, 0xc0, 0, 17]), data.IndexOf((ReadOnlySpan<byte>)[0xff, 0xc2, 0, 17]));
                BinaryPrimitives.WriteUInt16BigEndian(data[(frame + 5)..], (ushort)height);
                BinaryPrimitives.WriteUInt16BigEndian(data[(frame + 7)..], (ushort)width);
                break;
            case ImageFormat.WebP: // VP8L: 14 bits each, less one
                uint size = BinaryPrimitives.ReadUInt32LittleEndian(data[21..]) & 0xf000_0000;
                BinaryPrimitives.WriteUInt32LittleEndian(data[21..], size | (uint)(width - 1) | (uint)(height - 1) << 14);
                break;
            case ImageFormat.Bmp:
                BinaryPrimitives.WriteInt32LittleEndian(data[18..], width);
                BinaryPrimitives.WriteInt32LittleEndian(data[22..], height);
                break;
            default:
                int at = BinaryPrimitives.ReadInt32LittleEndian(data[4..]);
                for (int entry = at + 2; entry < at + 2 + 12 * BinaryPrimitives.ReadUInt16LittleEndian(data[at..]); entry += 12)
                {
                    int tag = BinaryPrimitives.ReadUInt16LittleEndian(data[entry..]);
                    if (tag is 256 or 257 or 278) BinaryPrimitives.WriteUInt16LittleEndian(data[(entry + 2)..], 4);
                    if (tag is 256 or 257 or 278) BinaryPrimitives.WriteInt32LittleEndian(data[(entry + 8)..], tag == 256 ? width : height);
                }
                break;
        }
        return lying;
    }

    private static byte[] Chunk(string type, byte[] body)
    {
        byte[] typed = [.. Encoding.ASCII.GetBytes(type), .. body];
        var chunk = new byte[body.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, body.Length);
        typed.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + body.Length), BinaryPrimitives.ReadUInt32LittleEndian(Crc32.Hash(typed)));
        return chunk;
    }
}
