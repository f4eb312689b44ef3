using System.Text;

namespace MaskRcnn.Grains.Sources.Tar;

/// <summary>The fields of a header block.</summary>
internal static class TarFields
{
    /// <summary>Headers and data fill whole blocks of this many bytes.</summary>
    public const int BlockSize = 512;

    private const int ChecksumAt = 148, ChecksumLength = 8;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The kind of entry.</summary>
    public static char Type(ReadOnlySpan<byte> header) => (char)header[156];

    /// <summary>Whether the checksum is that of the bytes, as bytes or, as some old programs have it, as signed ones.</summary>
    public static bool HasChecksum(ReadOnlySpan<byte> header)
    {
        long sum = 0, signed = 0;
        for (int i = 0; i < BlockSize; i++)
        {
            byte value = i is >= ChecksumAt and < ChecksumAt + ChecksumLength ? (byte)' ' : header[i];
            sum += value;
            signed += (sbyte)value;
        }
        return Number(header.Slice(ChecksumAt, ChecksumLength)) is { } said && (said == sum || said == signed);
    }

    /// <summary>Bytes of data as the header says them; null: it is no number that can be.</summary>
    public static long? Size(ReadOnlySpan<byte> header) => Number(header.Slice(124, 12));

    /// <summary>The name, with its prefix where the header is of POSIX; null: it is not UTF-8.</summary>
    public static string? Name(ReadOnlySpan<byte> header)
    {
        string? name = Text(header[..100]);
        // GNU's own headers have other things where POSIX has the prefix.
        if (name is null || !header.Slice(257, 6).SequenceEqual("ustar\0"u8)) return name;
        string? prefix = Text(header.Slice(345, 155));
        return prefix is null or "" ? prefix is null ? null : name : $"{prefix}/{name}";
    }

    /// <summary>A text up to its first NUL; null: it is not UTF-8.</summary>
    public static string? Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        try
        {
            return Utf8.GetString(end < 0 ? field : field[..end]);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Octal digits among spaces and NULs, or a number to base 256, which has its first bit set.</summary>
    private static long? Number(ReadOnlySpan<byte> field)
    {
        if (field[0] >= 0x80)
        {
            // 0xFF is the sign of a negative number.
            if (field[0] != 0x80 || field.Length > sizeof(long) && field[1..^sizeof(long)].ContainsAnyExcept((byte)0)) return null;
            long large = System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(field[^sizeof(long)..]);
            return large >= 0 ? large : null;
        }
        ReadOnlySpan<byte> digits = field.Trim(" \0"u8);
        long number = 0;
        foreach (byte digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'7') return null;
            number = number << 3 | (uint)(digit - '0');
        }
        return number;
    }
}
