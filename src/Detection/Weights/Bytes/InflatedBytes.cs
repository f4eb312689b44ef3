using System.IO.Compression;
using System.IO.Hashing;

namespace MaskRcnn.Detection.Weights.Bytes;

/// <summary>Deflated bytes, inflated once when they are first needed.</summary>
/// <param name="compressed">The deflated bytes.</param>
/// <param name="name">The entry's name, for errors.</param>
/// <param name="length">How many bytes they must inflate to.</param>
/// <param name="crc">CRC-32 of those.</param>
internal sealed class InflatedBytes(ByteSource compressed, string name, long length, uint crc) : ByteSource
{
    private readonly Lock _lock = new();
    private byte[]? _content;

    public override string Path => compressed.Path;

    public override long Length => length;

    public override void Read(long offset, Span<byte> destination)
    {
        lock (_lock) _content ??= Inflate();
        _content.AsSpan((int)offset, destination.Length).CopyTo(destination);
    }

    private byte[] Inflate()
    {
        if (length > Array.MaxLength)
        {
            throw new WeightFileException(
                Path,
                $"the entry '{name}' inflates to {length} bytes; the most are {Array.MaxLength}. Save the file without compression.");
        }
        byte[] content = GC.AllocateUninitializedArray<byte>((int)length);
        try
        {
            using var inflater = new DeflateStream(new MemoryStream(compressed.ReadAll()), CompressionMode.Decompress);
            inflater.ReadExactly(content);
            if (inflater.ReadByte() >= 0) throw new WeightFileException(Path, $"the entry '{name}' inflates to more than the {length} bytes that it claims.");
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw new WeightFileException(Path, $"the entry '{name}' does not inflate to the {length} bytes that it claims. The file is damaged.", exception);
        }
        return Crc32.HashToUInt32(content) == crc ? content : throw new WeightFileException(Path, $"the entry '{name}' has another checksum than the file says. The file is damaged.");
    }
}
