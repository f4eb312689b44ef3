namespace MaskRcnn.Detection.Weights.Bytes;

/// <summary>Bytes that are read when they are needed, from several threads if need be.</summary>
internal abstract class ByteSource
{
    /// <summary>The file that the bytes belong to, for errors.</summary>
    public abstract string Path { get; }

    /// <summary>Number of bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Fills the destination.</summary>
    /// <param name="offset">Where to start; the destination ends at <see cref="Length"/> at the latest.</param>
    /// <param name="destination">Gets the bytes. Sources of tensors are read in whole numbers.</param>
    /// <exception cref="WeightFileException">The bytes are not there, or damaged.</exception>
    public abstract void Read(long offset, Span<byte> destination);

    /// <summary>A part of it.</summary>
    /// <exception cref="WeightFileException">The part is not inside.</exception>
    public ByteSource Slice(long start, long length) => start < 0 || length < 0 || start > Length - length
        ? throw new WeightFileException(Path, $"{length} bytes at {start} are not inside the {Length} bytes there are. The file is damaged or cut off.")
        : new SliceBytes(this, start, length);

    /// <summary>All bytes, as a new array.</summary>
    /// <exception cref="WeightFileException">There are too many for an array.</exception>
    public byte[] ReadAll()
    {
        if (Length > Array.MaxLength) throw new WeightFileException(Path, $"{Length} bytes are too many for one array; the most are {Array.MaxLength}.");
        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)Length);
        Read(0, bytes);
        return bytes;
    }

    private sealed class SliceBytes(ByteSource source, long start, long length) : ByteSource
    {
        public override string Path => source.Path;

        public override long Length => length;

        public override void Read(long offset, Span<byte> destination) => source.Read(start + offset, destination);
    }
}
