using System.Buffers.Binary;

namespace MaskRcnn.Samples.Png;

/// <summary>Bits to bytes, lowest bit first, as deflate has them.</summary>
internal sealed class BitWriter
{
    private readonly List<byte> _bytes = [];
    private ulong _pending;
    private int _count;

    public void Write(int value, int length)
    {
        _pending |= (ulong)(uint)value << _count;
        for (_count += length; _count >= 8; _count -= 8, _pending >>= 8) _bytes.Add((byte)_pending);
    }

    /// <summary>Fills the last byte and adds a big-endian number.</summary>
    public byte[] FinishWith(uint check)
    {
        if (_count > 0) Write(0, 8 - _count);
        Span<byte> last = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(last, check);
        _bytes.AddRange(last);
        return [.. _bytes];
    }
}
