using System.Buffers.Binary;

namespace MaskRcnn.Detection.Weights.Bytes;

/// <summary>Floating point numbers of each size, to and from little-endian bytes; narrower ones are rounded to nearest, ties to even.</summary>
internal static class FloatCodec
{
    /// <summary>Any number, integers too, as the nearest double; exact but for large 64-bit integers.</summary>
    public static double Read(TensorType type, ReadOnlySpan<byte> bytes) => type switch
    {
        TensorType.F64 => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        TensorType.F32 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        TensorType.F16 => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        TensorType.BF16 => FromBFloat16(BinaryPrimitives.ReadUInt16LittleEndian(bytes)),
        _ => ReadInteger(type, bytes),
    };

    /// <summary>An integer.</summary>
    public static long ReadInteger(TensorType type, ReadOnlySpan<byte> bytes) => type switch
    {
        TensorType.I64 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        TensorType.I32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        TensorType.I16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        TensorType.I8 => (sbyte)bytes[0],
        TensorType.U8 => bytes[0],
        TensorType.Bool => bytes[0] == 0 ? 0 : 1,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "It is not a type of integers."),
    };

    /// <summary>Writes a floating point number.</summary>
    public static void Write(TensorType type, Span<byte> bytes, double value)
    {
        switch (type)
        {
            case TensorType.F64: BinaryPrimitives.WriteDoubleLittleEndian(bytes, value); break;
            case TensorType.F32: BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)value); break;
            case TensorType.F16: BinaryPrimitives.WriteHalfLittleEndian(bytes, (Half)value); break;
            case TensorType.BF16: BinaryPrimitives.WriteUInt16LittleEndian(bytes, ToBFloat16(value)); break;
            default: throw new ArgumentOutOfRangeException(nameof(type), type, "It is not a floating point type.");
        }
    }

    public static float FromBFloat16(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    /// <summary>The nearest bfloat16.</summary>
    public static ushort ToBFloat16(double value)
    {
        float single = (float)value;
        uint bits = BitConverter.SingleToUInt32Bits(single);
        if (double.IsNaN(value)) return (ushort)((bits >> 16) | 0x40);
        if (single != value)
        {
            // Rounded to odd first: rounding to nearest twice could go the wrong way.
            if (Math.Abs((double)single) > Math.Abs(value)) bits--;
            bits |= 1;
        }
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
