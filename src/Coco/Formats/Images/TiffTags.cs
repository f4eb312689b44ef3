using System.Buffers.Binary;

namespace MaskRcnn.Coco.Formats.Images;

/// <summary>Reads what libvips does not tell about a TIFF: whether its numbers are inverted.</summary>
internal static class TiffTags
{
    private const int Photometric = 262;

    /// <summary>
    /// Whether the first page says "white is zero". libvips then gives each sample subtracted from the greatest, which
    /// is right for pictures and wrong for labels.
    /// </summary>
    /// <param name="file">A TIFF or BigTIFF. One that breaks off or loops says no; decoding it is libvips's.</param>
    public static bool IsWhiteZero(ReadOnlySpan<byte> file)
    {
        bool little = file.Length > 2 && file[0] == 'I';
        bool big = Number(file, 2, 2) == 43;
        (int headerWord, int countWord, int entry, int valueAt) = big ? (8, 8, 20, 12) : (4, 2, 12, 8);
        long? directory = Number(file, headerWord, big ? 8 : 4);
        long? count = Number(file, directory, countWord);
        for (long i = 0; i < count && i < ushort.MaxValue; i++)
        {
            long at = directory!.Value + countWord + i * entry;
            if (Number(file, at, 2) is not { } tag) return false;
            // The value is a 16-bit number by the specification, but some write 32 bits.
            if (tag == Photometric) return Number(file, at + valueAt, Number(file, at + 2, 2) == 4 ? 4 : 2) == 0;
        }
        return false;

        long? Number(ReadOnlySpan<byte> bytes, long? position, int size)
        {
            if (position is not >= 0 || position > bytes.Length - size) return null;
            ReadOnlySpan<byte> word = bytes.Slice((int)position, size);
            return size switch
            {
                2 => little ? BinaryPrimitives.ReadUInt16LittleEndian(word) : BinaryPrimitives.ReadUInt16BigEndian(word),
                4 => little ? BinaryPrimitives.ReadUInt32LittleEndian(word) : BinaryPrimitives.ReadUInt32BigEndian(word),
                _ => little ? BinaryPrimitives.ReadInt64LittleEndian(word) : BinaryPrimitives.ReadInt64BigEndian(word),
            };
        }
    }
}
