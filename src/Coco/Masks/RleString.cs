namespace MaskRcnn.Coco.Masks;

/// <summary>
/// COCO's compressed RLE string: each run (from the fourth on as the difference to the run two before) in groups of
/// five bits, lowest first, bit 5 meaning "continues", bit 4 of the last group the sign, each group plus 48.
/// </summary>
internal static class RleString
{
    /// <summary>The longest run fits in 7 groups; a longer number is not a run.</summary>
    private const int MaxGroups = 7;

    /// <summary>How many runs the string holds: the characters without the "continues" bit.</summary>
    public static int CountRuns(ReadOnlySpan<byte> text)
    {
        int runs = 0;
        // 48 + 32 = 80: characters from 80 on continue. Range errors are Decode's to report.
        foreach (byte c in text) runs += c < 80 ? 1 : 0;
        return runs;
    }

    /// <summary>Decodes into <paramref name="counts"/>, which holds at least <see cref="CountRuns"/> runs.</summary>
    /// <returns>The runs written.</returns>
    /// <exception cref="RleException">A character outside 48..111, a number cut short or out of range.</exception>
    public static int Decode(ReadOnlySpan<byte> text, Span<uint> counts)
    {
        int runs = 0;
        int i = 0;
        while (i < text.Length)
        {
            uint group = text[i++] - 48u;
            long value;
            if (group < 32)
            {
                // One group: most runs differ little from the run two before.
                value = (int)(group << 27) >> 27;
            }
            else
            {
                value = DecodeLong(text, ref i);
            }
            if (runs > 2) value += counts[runs - 2];
            if ((ulong)value > uint.MaxValue)
                throw new RleException($"RLE run {runs} is {value}; expected a length from 0 to 2^32-1.");
            counts[runs++] = (uint)value;
        }
        return runs;
    }

    public static string Encode(ReadOnlySpan<uint> counts)
    {
        Span<char> buffer = counts.Length <= 128 ? stackalloc char[counts.Length * MaxGroups] : new char[counts.Length * MaxGroups];
        int length = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            long value = counts[i];
            if (i > 2) value -= counts[i - 2];
            bool more;
            do
            {
                int group = (int)(value & 0x1f);
                value >>= 5;
                more = (group & 0x10) != 0 ? value != -1 : value != 0;
                buffer[length++] = (char)((more ? group | 0x20 : group) + 48);
            }
            while (more);
        }
        return new string(buffer[..length]);
    }

    private static long DecodeLong(ReadOnlySpan<byte> text, ref int next)
    {
        long value = 0;
        int start = next - 1;
        for (int groups = 0, i = start; ; groups++, i++)
        {
            if (i == text.Length)
                throw new RleException($"RLE string ends inside a number at character {start}; it is cut short.");
            uint group = text[i] - 48u;
            if (group > 63)
                throw new RleException($"RLE string has byte {text[i]} at character {i}; expected 48 to 111 ('0' to 'o').");
            if (groups == MaxGroups)
                throw new RleException($"RLE string has a number of more than {MaxGroups} groups at character {start}.");
            value |= (long)(group & 0x1f) << (5 * groups);
            if ((group & 0x20) != 0) continue;
            if ((group & 0x10) != 0) value |= -1L << (5 * (groups + 1));
            next = i + 1;
            return value;
        }
    }
}
