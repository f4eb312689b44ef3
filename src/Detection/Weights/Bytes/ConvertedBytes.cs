namespace MaskRcnn.Detection.Weights.Bytes;

/// <summary>Floating point numbers read as another floating point type.</summary>
/// <param name="source">The numbers.</param>
/// <param name="name">The tensor's name, for errors.</param>
/// <param name="from">What they are.</param>
/// <param name="to">What they become.</param>
internal sealed class ConvertedBytes(ByteSource source, string name, TensorType from, TensorType to) : ByteSource
{
    private const int Chunk = 1 << 20;

    public override string Path => source.Path;

    public override long Length => source.Length / from.Size() * to.Size();

    /// <exception cref="WeightFileException">A finite number is too large for the type.</exception>
    public override void Read(long offset, Span<byte> destination)
    {
        long next = offset / to.Size();
        byte[] buffer = new byte[Math.Min(Chunk, destination.Length / to.Size()) * from.Size()];
        while (destination.Length > 0)
        {
            int count = Math.Min(Chunk, destination.Length / to.Size());
            Span<byte> numbers = buffer.AsSpan(0, count * from.Size());
            source.Read(next * from.Size(), numbers);
            for (int i = 0; i < count; i++) Convert(numbers[(i * from.Size())..], destination[(i * to.Size())..]);
            next += count;
            destination = destination[(count * to.Size())..];
        }
    }

    private void Convert(ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        double value = FloatCodec.Read(from, bytes);
        FloatCodec.Write(to, destination, value);
        if (double.IsFinite(value) && !double.IsFinite(FloatCodec.Read(to, destination)))
            throw new WeightFileException(Path, $"the tensor '{name}' has the number {value:R}, which is too large for {to}. Choose bf16 or fp32.");
    }
}
