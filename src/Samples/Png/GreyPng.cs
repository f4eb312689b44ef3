using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace MaskRcnn.Samples.Png;

/// <summary>
/// PNG of 8-bit grey values. Written here and not by a library, as compressors choose other bytes in another version or on
/// another processor.
/// </summary>
internal static class GreyPng
{
    private const byte AverageFilter = 3;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    /// <param name="pixels">height × width grey values, row by row.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    public static byte[] Encode(ReadOnlySpan<byte> pixels, int width, int height)
    {
        using var file = new MemoryStream();
        file.Write(Signature);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8; // bits; the other fields are 0: grey, deflate, no interlacing
        WriteChunk(file, "IHDR", header);
        WriteChunk(file, "IDAT", HuffmanZlib.Compress(Filter(pixels, width, height)));
        WriteChunk(file, "IEND", []);
        return file.ToArray();
    }

    /// <summary>Each row as its difference from the average of left and above: the filter that leaves noise least to say.</summary>
    private static byte[] Filter(ReadOnlySpan<byte> pixels, int width, int height)
    {
        var filtered = new byte[height * (width + 1)];
        for (int y = 0, to = 0; y < height; y++)
        {
            filtered[to++] = AverageFilter;
            for (int x = 0, at = y * width; x < width; x++, at++)
            {
                int left = x > 0 ? pixels[at - 1] : 0, above = y > 0 ? pixels[at - width] : 0;
                filtered[to++] = (byte)(pixels[at] - (left + above) / 2);
            }
        }
        return filtered;
    }

    private static void WriteChunk(MemoryStream file, string type, ReadOnlySpan<byte> data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32.HashToUInt32(chunk.AsSpan(4, 4 + data.Length)));
        file.Write(chunk);
    }
}
