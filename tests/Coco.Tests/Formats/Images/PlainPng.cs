using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace MaskRcnn.Coco.Tests.Formats.Images;

/// <summary>PNG by its specification, without interlacing: an oracle that shares nothing with libvips.</summary>
internal static class PlainPng
{
    /// <summary>Greyscale of 8 or 16 bit (channels 1), RGB (3) or RGBA (4).</summary>
    public static byte[] Encode(int width, int height, int bits, int channels, Func<int, int, int, uint> sample)
    {
        using var rows = new MemoryStream();
        for (int y = 0; y < height; y++)
        {
            rows.WriteByte(0); // no filter
            for (int x = 0; x < width; x++)
            {
                for (int c = 0; c < channels; c++)
                {
                    uint value = sample(x, y, c);
                    if (bits == 16) rows.WriteByte((byte)(value >> 8));
                    rows.WriteByte((byte)value);
                }
            }
        }
        return Assemble(width, height, bits, channels switch { 1 => 0, 3 => 2, _ => 6 }, Deflate(rows.ToArray()));
    }

    /// <summary>A file whose header claims a size that its data need not have.</summary>
    public static byte[] Assemble(int width, int height, int bits, int colorType, byte[] deflated)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = (byte)bits;
        header[9] = (byte)colorType;
        byte[] palette = colorType == 3 ? Chunk("PLTE", [0, 0, 0, 255, 0, 0]) : [];
        return [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, .. Chunk("IHDR", header), .. palette, .. Chunk("IDAT", deflated), .. Chunk("IEND", [])];
    }

    public static byte[] Deflate(byte[] data)
    {
        using var output = new MemoryStream();
        using (var zlib = new ZLibStream(output, CompressionLevel.Fastest)) zlib.Write(data);
        return output.ToArray();
    }

    /// <summary>Width, height, bits, channels, and all samples row by row.</summary>
    public static (int Width, int Height, int Bits, int Channels, uint[] Samples) Decode(byte[] png)
    {
        int width = 0, height = 0, bits = 0, channels = 0;
        using var data = new MemoryStream();
        for (int at = 8; at < png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            string type = System.Text.Encoding.ASCII.GetString(png, at + 4, 4);
            ReadOnlySpan<byte> body = png.AsSpan(at + 8, length);
            if (type == "IHDR")
            {
                (width, height, bits) = (BinaryPrimitives.ReadInt32BigEndian(body), BinaryPrimitives.ReadInt32BigEndian(body[4..]), body[8]);
                channels = body[9] switch { 0 => 1, 2 => 3, _ => 0 };
                Assert.Equal(0, body[12]); // not interlaced
            }
            if (type == "IDAT") data.Write(body);
            at += 12 + length;
        }
        data.Position = 0;
        using var zlib = new ZLibStream(data, CompressionMode.Decompress);
        int pixel = channels * bits / 8, stride = pixel * width;
        var samples = new List<uint>();
        var above = new byte[stride];
        for (int y = 0; y < height; y++)
        {
            int filter = zlib.ReadByte();
            var row = new byte[stride];
            zlib.ReadExactly(row);
            for (int i = 0; i < stride; i++)
            {
                int left = i < pixel ? 0 : row[i - pixel], up = above[i], corner = i < pixel ? 0 : above[i - pixel];
                row[i] += (byte)(filter switch { 0 => 0, 1 => left, 2 => up, 3 => (left + up) / 2, _ => Paeth(left, up, corner) });
            }
            for (int i = 0; i < stride; i += bits / 8) samples.Add(bits == 16 ? BinaryPrimitives.ReadUInt16BigEndian(row.AsSpan(i)) : row[i]);
            above = row;
        }
        return (width, height, bits, channels, [.. samples]);
    }

    private static int Paeth(int a, int b, int c)
    {
        int pa = Math.Abs(b - c), pb = Math.Abs(a - c), pc = Math.Abs(a + b - 2 * c);
        return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    }

    private static byte[] Chunk(string type, byte[] body)
    {
        byte[] typed = [.. System.Text.Encoding.ASCII.GetBytes(type), .. body];
        var chunk = new byte[body.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, body.Length);
        typed.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + body.Length), BinaryPrimitives.ReadUInt32LittleEndian(Crc32.Hash(typed)));
        return chunk;
    }
}
