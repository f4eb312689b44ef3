using System.Buffers.Binary;
using System.Text;

namespace MaskRcnn.Coco.Evaluation.Parts;

/// <summary>Reads what <see cref="ByteWriter"/> wrote; whatever the bytes say, it never reads past them.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    public readonly int Left => _bytes.Length - Position;

    public byte Byte() => Take(1)[0];

    public ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)Left) throw new EndOfStreamException();
        ReadOnlySpan<byte> taken = _bytes.Slice(Position, count);
        Position += count;
        return taken;
    }

    public ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Byte();
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }
        throw new InvalidDataException("A number is too long.");
    }

    public long Signed()
    {
        ulong value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A count of things that take at least <paramref name="bytesEach"/> bytes each, so that no count asks for more memory than the part is long.</summary>
    public int Count(int bytesEach)
    {
        ulong count = Varint();
        if (count > (ulong)(Left / bytesEach)) throw new InvalidDataException($"A count is {count}, for which the part is too short.");
        return (int)count;
    }

    public int Int32()
    {
        ulong value = Varint();
        return value <= int.MaxValue ? (int)value : throw new InvalidDataException($"A number is {value}, too large.");
    }

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public double Double() => BitConverter.UInt64BitsToDouble(UInt64());

    public string Text() => Encoding.UTF8.GetString(Take(Count(1)));
}
