namespace MaskRcnn.Detection.Images.Bmp;

/// <summary>RLE8 and RLE4: pairs of a count and a value, and escapes behind a count of 0.</summary>
internal static class BmpRunLengths
{
    private const int EndOfRow = 0, EndOfImage = 1, Move = 2;

    /// <summary>One palette index a pixel, rows from the bottom. Pixels that are skipped have index 0, as in Pillow.</summary>
    public static byte[] Decode(ReadOnlySpan<byte> stored, BmpHeader header, BmpErrors error)
    {
        var indices = new byte[(long)header.Width * header.Height];
        int x = 0, y = 0, at = 0;
        while (y < header.Height)
        {
            // Many writers leave out the end of the image behind its last pixel.
            if (at + 2 > stored.Length)
            {
                if (y == header.Height - 1 && x >= header.Width) break;
                throw error.Damaged($"its runs end in row {y} of {header.Height}");
            }
            int count = stored[at++], value = stored[at++];
            if (count > 0)
            {
                Put([(byte)value], count, repeat: true);
                continue;
            }
            switch (value)
            {
                case EndOfRow:
                    x = 0;
                    y++;
                    break;
                case EndOfImage:
                    return indices;
                case Move:
                    if (at + 2 > stored.Length) throw error.Damaged($"its runs end in row {y} of {header.Height}");
                    x = Math.Min(x + stored[at++], header.Width);
                    y += stored[at++];
                    break;
                default:
                    int bytes = header.Bits == 8 ? value : (value + 1) / 2;
                    if (at + bytes > stored.Length) throw error.Damaged($"its runs end in row {y} of {header.Height}");
                    Put(stored.Slice(at, bytes), value, repeat: false);
                    at += bytes + bytes % 2;
                    break;
            }
        }
        return indices;

        // What goes beyond the row's end is dropped.
        void Put(ReadOnlySpan<byte> values, int count, bool repeat)
        {
            for (int i = 0; i < count && x < header.Width; i++)
            {
                byte value = values[repeat ? 0 : header.Bits == 8 ? i : i / 2];
                indices[y * header.Width + x++] = header.Bits == 8 ? value : (byte)(i % 2 == 0 ? value >> 4 : value & 15);
            }
        }
    }
}
