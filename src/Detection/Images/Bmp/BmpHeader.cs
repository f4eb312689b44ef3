using System.Buffers.Binary;

namespace MaskRcnn.Detection.Images.Bmp;

/// <summary>What a bitmap's headers say: Windows versions 3 to 5, and OS/2.</summary>
internal sealed record BmpHeader
{
    public const int FileHeaderLength = 14, CoreLength = 12;

    /// <summary>Pixels a row.</summary>
    public required int Width { get; init; }

    /// <summary>Rows.</summary>
    public required int Height { get; init; }

    /// <summary>Whether the first row of the file is the upper one.</summary>
    public required bool TopDown { get; init; }

    /// <summary>Bits a pixel: 1, 2, 4, 8, 16, 24 or 32.</summary>
    public required int Bits { get; init; }

    /// <summary>How the pixels are stored.</summary>
    public required BmpCompression Compression { get; init; }

    /// <summary>Where the colours of red, green and blue are in pixels of 16 and 32 bits.</summary>
    public required BmpMasks Masks { get; init; }

    /// <summary>Where the palette begins.</summary>
    public required int PaletteAt { get; init; }

    /// <summary>Bytes of an entry: 3 with a core header, otherwise 4.</summary>
    public required int PaletteEntry { get; init; }

    /// <summary>Colours of the palette; 0 where there is none.</summary>
    public required int PaletteColors { get; init; }

    /// <summary>Where the pixels begin.</summary>
    public required int PixelsAt { get; init; }

    /// <summary>Reads the headers.</summary>
    /// <param name="data">The file.</param>
    /// <param name="error">Makes the error that names the file.</param>
    public static BmpHeader Read(ReadOnlySpan<byte> data, BmpErrors error)
    {
        if (data.Length < FileHeaderLength + CoreLength) throw error.Truncated("its headers", FileHeaderLength + CoreLength, data.Length);
        uint pixelsAt = BinaryPrimitives.ReadUInt32LittleEndian(data[10..]), length = BinaryPrimitives.ReadUInt32LittleEndian(data[14..]);
        bool core = length == CoreLength;
        if (length is not (CoreLength or 40 or 52 or 56 or 64 or 108 or 124))
            throw error.Unsupported($"its header is {length} bytes long; expected 12, 40, 52, 56, 64, 108 or 124");
        if (data.Length < FileHeaderLength + length) throw error.Truncated("its headers", FileHeaderLength + length, data.Length);
        ReadOnlySpan<byte> info = data.Slice(FileHeaderLength, (int)length);
        long width = core ? BinaryPrimitives.ReadUInt16LittleEndian(info[4..]) : BinaryPrimitives.ReadInt32LittleEndian(info[4..]);
        long height = core ? BinaryPrimitives.ReadUInt16LittleEndian(info[6..]) : BinaryPrimitives.ReadInt32LittleEndian(info[8..]);
        if (width < 1 || height is 0 or int.MinValue) throw error.Damaged($"its size is {width} × {height}; expected at least 1 × 1");
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(info[(core ? 10 : 14)..]);
        BmpCompression compression = core ? BmpCompression.None : CompressionOf(BinaryPrimitives.ReadUInt32LittleEndian(info[16..]), bits, length, error);
        if (compression == BmpCompression.None && bits is not (1 or 2 or 4 or 8 or 16 or 24 or 32))
            throw error.Unsupported($"it has {bits} bits a pixel; expected 1, 2, 4, 8, 16, 24 or 32");

        // Behind a header of 40 bytes the masks follow; longer ones hold them.
        bool fields = compression == BmpCompression.Fields;
        bool alphaFields = fields && BinaryPrimitives.ReadUInt32LittleEndian(info[16..]) == 6;
        int masksAfter = fields && length == 40 ? (alphaFields ? 16 : 12) : 0;
        int headersEnd = FileHeaderLength + (int)length + masksAfter;
        if (data.Length < headersEnd) throw error.Truncated("its headers", headersEnd, data.Length);
        if (pixelsAt < headersEnd || pixelsAt > data.Length)
            throw error.Damaged($"its pixels begin at byte {pixelsAt} of {data.Length}; expected {headersEnd} or more");

        int entry = core ? 3 : 4, colors = 0;
        if (bits <= 8)
        {
            uint used = core ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(info[32..]);
            int room = (int)((pixelsAt - headersEnd) / entry);
            // A palette may be shorter than it says, when the pixels do not need all of it.
            colors = (int)Math.Min(used == 0 ? 1u << bits : Math.Min(used, 1u << bits), (uint)room);
        }
        return new BmpHeader
        {
            Width = (int)width,
            Height = (int)Math.Abs(height),
            TopDown = height < 0,
            Bits = bits,
            Compression = compression,
            Masks = fields ? BmpMasks.Read(data[(FileHeaderLength + 40)..], error) : BmpMasks.Default(bits),
            PaletteAt = headersEnd,
            PaletteEntry = entry,
            PaletteColors = colors,
            PixelsAt = (int)pixelsAt,
        };
    }

    private static BmpCompression CompressionOf(uint number, int bits, uint length, BmpErrors error)
    {
        // OS/2's header of 64 bytes gives other meanings to 3 and 4.
        return (number, bits) switch
        {
            (0, _) => BmpCompression.None,
            (1, 8) or (2, 4) => BmpCompression.RunLengths,
            (3 or 6, 16 or 32) when length != 64 => BmpCompression.Fields,
            _ => throw error.Unsupported($"its compression is {number} with {bits} bits a pixel; expected none, RLE8, RLE4 or bit fields"),
        };
    }
}
