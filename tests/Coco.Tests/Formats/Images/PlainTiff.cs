using System.Buffers.Binary;
using System.IO.Compression;

namespace MaskRcnn.Coco.Tests.Formats.Images;

/// <summary>Little-endian TIFF of one channel by its specification: an oracle that shares nothing with libvips.</summary>
internal static class PlainTiff
{
    /// <summary>One uncompressed strip.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="bits">8, 16 or 32.</param>
    /// <param name="samples">Row by row.</param>
    /// <param name="sampleFormat">1 unsigned, 2 signed, 3 float.</param>
    /// <param name="photometric">1 black is zero, 0 white is zero.</param>
    /// <param name="pages">How many times the image is in the file.</param>
    public static byte[] Encode(int width, int height, int bits, uint[] samples, int sampleFormat = 1, int pages = 1, int photometric = 1)
    {
        const int tags = 10, directory = 2 + 12 * tags + 4;
        int dataAt = 8 + pages * directory;
        byte[] file = new byte[dataAt + samples.Length * bits / 8];
        "II*\0"u8.CopyTo(file);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(4), 8);
        for (int page = 0; page < pages; page++)
        {
            int at = 8 + page * directory;
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), tags);
            at += 2;
            foreach ((int tag, int value) in new[] { (256, width), (257, height), (258, bits), (259, 1), (262, photometric), (273, dataAt), (277, 1), (278, height), (279, samples.Length * bits / 8), (339, sampleFormat) })
            {
                BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), (ushort)tag);
                BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at + 2), 4); // LONG
                BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at + 4), 1);
                BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at + 8), value);
                at += 12;
            }
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), page == pages - 1 ? 0 : 8 + (page + 1) * directory);
        }
        for (int i = 0; i < samples.Length; i++)
        {
            for (int b = 0; b < bits / 8; b++) file[dataAt + i * bits / 8 + b] = (byte)(samples[i] >> 8 * b);
        }
        return file;
    }

    /// <summary>Reads a strip image of 32-bit samples, deflated, without predictor.</summary>
    public static (int Width, int Height, uint[] Samples) Decode32(byte[] file)
    {
        Assert.Equal("II*\0"u8.ToArray(), file[..4]);
        int at = Int(4);
        Dictionary<int, (int Type, int Count, int At)> tags = [];
        for (int i = 0, count = Short(at); i < count; i++)
        {
            int entry = at + 2 + 12 * i;
            tags[Short(entry)] = (Short(entry + 2), Int(entry + 4), entry + 8);
        }
        Assert.Equal(32, Values(258)[0]);
        Assert.Equal(8, Values(259)[0]); // deflate
        Assert.True(!tags.ContainsKey(317) || Values(317)[0] == 1);
        int[] offsets = Values(273), lengths = Values(279);
        using var all = new MemoryStream();
        for (int strip = 0; strip < offsets.Length; strip++)
        {
            using var zlib = new ZLibStream(new MemoryStream(file, offsets[strip], lengths[strip]), CompressionMode.Decompress);
            zlib.CopyTo(all);
        }
        byte[] bytes = all.ToArray();
        return (Values(256)[0], Values(257)[0], [.. Enumerable.Range(0, bytes.Length / 4).Select(i => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4 * i)))]);

        int Int(int position) => BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(position));

        int Short(int position) => BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(position));

        int[] Values(int tag)
        {
            (int type, int count, int position) = tags[tag];
            int size = type == 3 ? 2 : 4;
            int start = count * size <= 4 ? position : Int(position);
            return [.. Enumerable.Range(0, count).Select(i => size == 2 ? Short(start + 2 * i) : Int(start + 4 * i))];
        }
    }
}
