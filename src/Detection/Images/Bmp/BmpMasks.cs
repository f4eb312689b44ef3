using System.Buffers.Binary;
using System.Numerics;

namespace MaskRcnn.Detection.Images.Bmp;

/// <summary>Which bits of a pixel are red, green and blue.</summary>
/// <param name="Red">Neighbouring bits, or none.</param>
/// <param name="Green">Neighbouring bits, or none.</param>
/// <param name="Blue">Neighbouring bits, or none.</param>
internal sealed record BmpMasks(uint Red, uint Green, uint Blue)
{
    /// <summary>Without masks: five bits a colour in 16-bit pixels, bytes in 32-bit ones.</summary>
    public static BmpMasks Default(int bits) => bits == 16 ? new(0x7c00, 0x3e0, 0x1f) : new(0xff0000, 0xff00, 0xff);

    /// <summary>Three masks of the file.</summary>
    public static BmpMasks Read(ReadOnlySpan<byte> data, BmpErrors error)
    {
        var masks = new BmpMasks(
            BinaryPrimitives.ReadUInt32LittleEndian(data), BinaryPrimitives.ReadUInt32LittleEndian(data[4..]), BinaryPrimitives.ReadUInt32LittleEndian(data[8..]));
        foreach (uint mask in (uint[])[masks.Red, masks.Green, masks.Blue])
        {
            uint value = mask == 0 ? 0 : mask >> BitOperations.TrailingZeroCount(mask);
            if ((value & (value + 1)) != 0) throw error.Unsupported($"its colour mask {mask:x8} has gaps; expected neighbouring bits");
        }
        return masks;
    }

    /// <summary>A colour of a pixel on the scale 0 to 255, rounded down as Pillow does.</summary>
    public static byte Level(uint pixel, uint mask)
    {
        if (mask == 0) return 0;
        int shift = BitOperations.TrailingZeroCount(mask);
        return (byte)((ulong)((pixel & mask) >> shift) * 255 / (mask >> shift));
    }
}
