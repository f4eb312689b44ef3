namespace MaskRcnn.Detection.Weights.Bytes;

/// <summary>Bytes in memory.</summary>
internal sealed class MemoryBytes(byte[] bytes, string path = "weights in memory") : ByteSource
{
    public override string Path => path;

    public override long Length => bytes.LongLength;

    public override void Read(long offset, Span<byte> destination) => bytes.AsSpan((int)offset, destination.Length).CopyTo(destination);
}
