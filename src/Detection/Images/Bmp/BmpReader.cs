using System.Buffers.Binary;

namespace MaskRcnn.Detection.Images.Bmp;

/// <summary>Reads bitmaps, which libvips does not: every variant in use, each access within bounds.</summary>
internal sealed class BmpReader(byte[] data, string name, ImageDecodeOptions options)
{
    private readonly BmpErrors _error = new(name);

    /// <exception cref="ImageFormatException">The file is damaged, too large, or of another variant.</exception>
    public RgbImage Read()
    {
        BmpHeader header = BmpHeader.Read(data, _error);
        ImageDecoder.CheckSize(name, ImageFormat.Bmp, header.Width, header.Height, options);
        if (header.Compression == BmpCompression.RunLengths)
        {
            if (header.TopDown) throw _error.Damaged("it is both top-down and run-length encoded; expected one of them");
            byte[] indices = BmpRunLengths.Decode(data.AsSpan(header.PixelsAt), header, _error);
            return Assemble(header, (row, rgb) => FromPalette(header, indices.AsSpan(row * header.Width, header.Width), 8, rgb));
        }
        long rowBytes = ((long)header.Width * header.Bits + 7) / 8, stride = (rowBytes + 3) / 4 * 4;
        // The last row's padding is sometimes left out.
        long end = header.PixelsAt + stride * (header.Height - 1) + rowBytes;
        if (end > data.Length) throw _error.Truncated("its pixels", end, data.Length);
        return Assemble(header, (row, rgb) =>
        {
            ReadOnlySpan<byte> stored = data.AsSpan((int)(header.PixelsAt + stride * row), (int)rowBytes);
            switch (header.Bits)
            {
                case 16 or 32: FromMasks(header, stored, rgb); break;
                case 24: FromBytes(stored, rgb); break;
                default: FromPalette(header, stored, header.Bits, rgb); break;
            }
        });
    }

    private delegate void RowReader(int row, Span<byte> rgb);

    private static RgbImage Assemble(BmpHeader header, RowReader read)
    {
        var rgb = new byte[(long)header.Width * header.Height * 3];
        for (int row = 0; row < header.Height; row++)
        {
            int y = header.TopDown ? row : header.Height - 1 - row;
            read(row, rgb.AsSpan(y * header.Width * 3, header.Width * 3));
        }
        return new RgbImage(header.Width, header.Height, rgb);
    }

    private void FromPalette(BmpHeader header, ReadOnlySpan<byte> stored, int bits, Span<byte> rgb)
    {
        int perByte = 8 / bits, mask = (1 << bits) - 1;
        for (int x = 0; x < header.Width; x++)
        {
            int index = stored[x / perByte] >> (8 - bits - x % perByte * bits) & mask;
            if (index >= header.PaletteColors) throw _error.Damaged($"a pixel has colour {index} of a palette of {header.PaletteColors}");
            int entry = header.PaletteAt + index * header.PaletteEntry;
            rgb[3 * x] = data[entry + 2];
            rgb[3 * x + 1] = data[entry + 1];
            rgb[3 * x + 2] = data[entry];
        }
    }

    private static void FromBytes(ReadOnlySpan<byte> stored, Span<byte> rgb)
    {
        for (int i = 0; i < rgb.Length; i += 3)
        {
            rgb[i] = stored[i + 2];
            rgb[i + 1] = stored[i + 1];
            rgb[i + 2] = stored[i];
        }
    }

    private static void FromMasks(BmpHeader header, ReadOnlySpan<byte> stored, Span<byte> rgb)
    {
        for (int x = 0; x < header.Width; x++)
        {
            uint pixel = header.Bits == 16
                ? BinaryPrimitives.ReadUInt16LittleEndian(stored[(2 * x)..])
                : BinaryPrimitives.ReadUInt32LittleEndian(stored[(4 * x)..]);
            rgb[3 * x] = BmpMasks.Level(pixel, header.Masks.Red);
            rgb[3 * x + 1] = BmpMasks.Level(pixel, header.Masks.Green);
            rgb[3 * x + 2] = BmpMasks.Level(pixel, header.Masks.Blue);
        }
    }
}
