using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace MaskRcnn.Coco.Evaluation.Parts;

/// <summary>Appends numbers to a growing buffer, small ones in few bytes.</summary>
internal sealed class ByteWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    public int Length => _buffer.WrittenCount;

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public void Clear() => _buffer.ResetWrittenCount();

    public void Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    public void Bytes(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);

    /// <summary>Seven bits a byte, lowest first.</summary>
    public void Varint(ulong value) => Advance(Varint(Reserve(10), value));

    /// <summary>Writes seven bits a byte, lowest first, and returns how many bytes that took.</summary>
    public static int Varint(Span<byte> target, ulong value)
    {
        int length = 0;
        while (value >= 0x80)
        {
            target[length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        target[length++] = (byte)value;
        return length;
    }

    /// <summary>Room for some bytes, to be claimed by <see cref="Advance"/>.</summary>
    public Span<byte> Reserve(int count) => _buffer.GetSpan(count);

    public void Advance(int count) => _buffer.Advance(count);

    /// <summary>A signed number, with the sign in the lowest bit.</summary>
    public void Signed(long value) => Varint((ulong)(value << 1) ^ (ulong)(value >> 63));

    public void UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
    }

    public void Double(double value) => UInt64(BitConverter.DoubleToUInt64Bits(value));

    public void Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Varint((ulong)bytes.Length);
        Bytes(bytes);
    }

    /// <summary>The low bytes of a number.</summary>
    public void Low(ulong value, int bytes)
    {
        for (int i = 0; i < bytes; i++) Byte((byte)(value >> (8 * i)));
    }
}
