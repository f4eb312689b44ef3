using System.Buffers.Binary;
using System.Text;
using MaskRcnn.Detection.Weights.Bytes;

namespace MaskRcnn.Detection.Weights.Pickle;

/// <summary>The bytes of a pickle in order, and what opcodes have as arguments.</summary>
internal sealed class PickleInput(ByteSource source, long position, PickleBudget budget)
{
    private const int BufferSize = 1 << 13;

    private const int LongestLine = 1 << 12;

    private readonly byte[] _buffer = new byte[(int)Math.Min(BufferSize, source.Length)];
    private int _next;
    private int _filled;

    /// <summary>Offset of the next byte in the source.</summary>
    public long Position { get; private set; } = position;

    public long Left => source.Length - Position;

    public byte ReadByte()
    {
        if (_next == _filled) Fill();
        Position++;
        return _buffer[_next++];
    }

    public ushort ReadUInt16() => (ushort)(ReadByte() | (ReadByte() << 8));

    public int ReadInt32() => ReadUInt16() | (ReadUInt16() << 16);

    public uint ReadUInt32() => (uint)ReadInt32();

    public long ReadInt64() => ReadUInt32() | ((long)ReadUInt32() << 32);

    /// <summary>A big-endian floating point number, the only big-endian thing in a pickle.</summary>
    public double ReadDouble() => BitConverter.Int64BitsToDouble(BinaryPrimitives.ReverseEndianness(ReadInt64()));

    /// <param name="count">How many; negative ones are unsigned numbers beyond 63 bits.</param>
    public byte[] ReadBytes(long count)
    {
        if (count < 0 || count > Left) throw Truncated((ulong)count);
        budget.Charge(count + PickleBudget.Reference);
        byte[] bytes = new byte[count];
        for (int i = 0; i < bytes.Length;)
        {
            if (_next == _filled) Fill();
            int part = Math.Min(_filled - _next, bytes.Length - i);
            _buffer.AsSpan(_next, part).CopyTo(bytes.AsSpan(i));
            (i, _next, Position) = (i + part, _next + part, Position + part);
        }
        return bytes;
    }

    public string ReadText(long count)
    {
        byte[] bytes = ReadBytes(count);
        budget.Charge(bytes.Length * 2L);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Text up to the line's end.</summary>
    public string ReadLine()
    {
        var line = new StringBuilder();
        for (byte b = ReadByte(); b != '\n'; b = ReadByte())
        {
            if (line.Length == LongestLine)
            {
                throw new WeightFileException(
                    source.Path,
                    $"the pickle has a line of over {LongestLine} characters before byte {Position}. The file is damaged.");
            }
            line.Append((char)b);
        }
        budget.Charge((line.Length * 6L) + PickleBudget.Container);
        return line.ToString();
    }

    private void Fill()
    {
        if (Left <= 0) throw Truncated(1);
        _filled = (int)Math.Min(_buffer.Length, Left);
        _next = 0;
        source.Read(Position, _buffer.AsSpan(0, _filled));
    }

    private WeightFileException Truncated(ulong count) =>
        new(source.Path, $"the pickle ends at byte {source.Length}, where {count} more were expected from byte {Position}. The file is damaged or cut off.");
}
