using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace MaskRcnn.Coco.Formats.LabelMap;

/// <summary>
/// Writes greyscale PNGs on the calling thread, without metadata: the same samples give the same bytes.
/// </summary>
internal static class LabelPngFile
{
    /// <summary>The PNG of samples, row by row, 8 bits or 16 with the high byte first.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> samples, int width, int height, int bits)
    {
        using var png = new MemoryStream(1024);
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1a, (byte)'\n']);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = (byte)bits;
        header[9..].Clear(); // greyscale, deflate, filters by row, not interlaced
        Chunk(png, "IHDR"u8, header);

        using var data = new MemoryStream(1024);
        int stride = width * (bits / 8);
        using (var deflate = new ZLibStream(data, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (int y = 0; y < height; y++)
            {
                // Labels come in runs, which deflate finds by itself: no filter.
                deflate.WriteByte(0);
                deflate.Write(samples.Slice(y * stride, stride));
            }
        }
        Chunk(png, "IDAT"u8, data.GetBuffer().AsSpan(0, (int)data.Length));
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    private static void Chunk(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(type);
        png.Write(data);
        var crc = new Crc32();
        crc.Append(type);
        crc.Append(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, crc.GetCurrentHashAsUInt32());
        png.Write(number);
    }
}
