using System.Buffers.Binary;
using MaskRcnn.Detection.Weights.Bytes;

namespace MaskRcnn.Detection.Weights.Torch;

/// <summary>What a zip file says of an entry.</summary>
/// <param name="Name">Its name, only ever compared.</param>
/// <param name="Start">Where its local header starts.</param>
/// <param name="CompressedLength">Bytes in the file.</param>
/// <param name="Length">Bytes of the content.</param>
/// <param name="Method">0 stored, 8 deflated.</param>
/// <param name="Flags">Bit 0: encrypted.</param>
/// <param name="Crc">CRC-32 of the content.</param>
internal sealed record ZipEntry(string Name, long Start, long CompressedLength, long Length, int Method, int Flags, uint Crc)
{
    private const uint Signature = 0x04034b50;

    private const int HeaderLength = 30, Stored = 0, Deflated = 8;

    /// <summary>The content.</summary>
    /// <exception cref="WeightFileException">The entry is damaged, encrypted, or compressed in another way.</exception>
    public ByteSource Open(ByteSource file)
    {
        byte[] header = file.Slice(Start, HeaderLength).ReadAll();
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != Signature)
        {
            throw new WeightFileException(
                file.Path,
                $"the entry '{Name}' is not at byte {Start}, where the table of contents has it. The file is damaged.");
        }
        if ((Flags & 1) != 0) throw new WeightFileException(file.Path, $"the entry '{Name}' is encrypted. Save the file without a password.");
        int names = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(26)) + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(28));
        ByteSource content = file.Slice(Start + HeaderLength + names, CompressedLength);
        return Method switch
        {
            Stored when Length == CompressedLength => content,
            Stored => throw new WeightFileException(file.Path, $"the entry '{Name}' is stored with {CompressedLength} bytes and claims {Length}. The file is damaged."),
            Deflated => new InflatedBytes(content, Name, Length, Crc),
            _ => throw new WeightFileException(file.Path, $"the entry '{Name}' is compressed by method {Method}; expected stored or deflated, as torch.save writes."),
        };
    }
}
