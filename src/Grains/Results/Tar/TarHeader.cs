using System.Buffers;
using System.Globalization;
using System.Text;

namespace MaskRcnn.Grains.Results.Tar;

/// <summary>
/// The bytes before an entry's data: a USTAR header, and before it a PAX one where the name or the size is too much for
/// USTAR. They are a function of name and size alone: mode 0644, owner 0, time 0.
/// </summary>
public static class TarHeader
{
    /// <summary>Headers and data fill whole blocks of this many bytes.</summary>
    public const int BlockSize = 512;

    /// <summary>Bytes of 0 that end an archive.</summary>
    public const int EndSize = 2 * BlockSize;

    private const int NameLength = 100, PrefixLength = 155, PrefixOffset = 345;

    /// <summary>The most that eleven octal digits say: 8 GB less one.</summary>
    private const long MostOctal = (1L << 33) - 1;

    /// <summary>Bytes of 0 between an entry's data and the next header.</summary>
    /// <param name="size">Bytes of data.</param>
    public static int Padding(long size) => (int)(-size & (BlockSize - 1));

    /// <summary>Writes the header of a regular file.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="name">The file's path with <c>/</c>, relative and without <c>..</c>.</param>
    /// <param name="size">Bytes of data that follow.</param>
    /// <returns>Bytes written: a multiple of <see cref="BlockSize"/>.</returns>
    /// <exception cref="ArgumentException">The name would leave the folder that the archive is unpacked into, or names a folder.</exception>
    public static int Write(IBufferWriter<byte> output, string name, long size)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        TarNames.Check(name);
        int prefix = Ascii.IsValid(name) ? Prefix(name) : -1;
        if (prefix >= 0 && size <= MostOctal)
        {
            WriteBlock(output, name, prefix, size, (byte)'0');
            return BlockSize;
        }
        byte[] records = Records(prefix < 0 ? name : null, size > MostOctal ? size : null);
        WriteBlock(output, "PaxHeader", 0, records.Length, (byte)'x');
        output.Write(records);
        int padding = Padding(records.Length);
        output.GetSpan(BlockSize)[..padding].Clear();
        output.Advance(padding);
        // Programs that know no PAX see a name that is cut, and in ASCII.
        (string plain, int plainPrefix) = prefix >= 0 ? (name, prefix) : (Plain(name), 0);
        WriteBlock(output, plain, plainPrefix, size > MostOctal ? 0 : size, (byte)'0');
        return 2 * BlockSize + records.Length + padding;
    }

    /// <summary>Where the prefix ends: 0 when the name fits without one, -1 when it does not fit at all.</summary>
    private static int Prefix(string name)
    {
        if (name.Length <= NameLength) return 0;
        int slash = name.IndexOf('/', name.Length - NameLength - 1);
        return slash is > 0 and <= PrefixLength ? slash : -1;
    }

    private static string Plain(string name)
    {
        char[] plain = name[..Math.Min(name.Length, NameLength)].ToCharArray();
        for (int i = 0; i < plain.Length; i++)
        {
            if (plain[i] is < ' ' or > '~') plain[i] = '_';
        }
        // A slash at the end would make it a folder.
        if (plain[^1] == '/') plain[^1] = '_';
        return new string(plain);
    }

    private static byte[] Records(string? path, long? size)
    {
        var records = new MemoryStream();
        if (path is not null) Record("path", Encoding.UTF8.GetBytes(path));
        if (size is { } bytes) Record("size", Encoding.ASCII.GetBytes(bytes.ToString(CultureInfo.InvariantCulture)));
        return records.ToArray();

        void Record(string key, byte[] value)
        {
            // "length key=value\n", the length's own digits included.
            int rest = key.Length + value.Length + 3;
            int length = rest + 1;
            while (length != rest + Digits(length)) length = rest + Digits(length);
            records.Write(Encoding.ASCII.GetBytes(length.ToString(CultureInfo.InvariantCulture) + " " + key + "="));
            records.Write(value);
            records.WriteByte((byte)'\n');
        }

        static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;
    }

    private static void WriteBlock(IBufferWriter<byte> output, ReadOnlySpan<char> name, int prefix, long size, byte type)
    {
        Span<byte> block = output.GetSpan(BlockSize)[..BlockSize];
        block.Clear();
        Encoding.ASCII.GetBytes(prefix == 0 ? name : name[(prefix + 1)..], block[..NameLength]);
        if (prefix > 0) Encoding.ASCII.GetBytes(name[..prefix], block.Slice(PrefixOffset, PrefixLength));
        "0000644\00000000\00000000\0"u8.CopyTo(block[100..]);
        Octal(block.Slice(124, 11), size);
        "00000000000\0        "u8.CopyTo(block[136..]); // time 0; the checksum counts as spaces
        block[156] = type;
        "ustar\000"u8.CopyTo(block[257..]);
        int sum = 0;
        foreach (byte b in block) sum += b;
        Octal(block.Slice(148, 6), sum);
        block[154] = 0;
        output.Advance(BlockSize);
    }

    private static void Octal(Span<byte> field, long value)
    {
        for (int i = field.Length - 1; i >= 0; i--, value >>= 3) field[i] = (byte)('0' + (value & 7));
    }
}
