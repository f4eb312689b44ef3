using System.Buffers.Binary;
using System.Text;
using MaskRcnn.Detection.Weights.Bytes;

namespace MaskRcnn.Detection.Weights.Torch;

/// <summary>The table of contents of a zip file. Entries are found by name and never unpacked to the disk.</summary>
internal sealed class ZipDirectory
{
    private const uint EndSignature = 0x06054b50, End64Signature = 0x06064b50, Locator64Signature = 0x07064b50, EntrySignature = 0x02014b50;

    private const int EndLength = 22, End64Length = 56, Locator64Length = 20, EntryLength = 46, LongestComment = ushort.MaxValue;

    private readonly Dictionary<string, ZipEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>Entries by name.</summary>
    public IReadOnlyDictionary<string, ZipEntry> Entries => _entries;

    /// <exception cref="WeightFileException">The file is no zip file, or damaged.</exception>
    public static ZipDirectory Read(ByteSource file)
    {
        (long start, long length) = FindTable(file);
        var directory = new ZipDirectory();
        byte[] table = file.Slice(start, length).ReadAll();
        for (int at = 0; at < table.Length;)
        {
            if (table.Length - at < EntryLength || U32(table, at) != EntrySignature) throw Damaged(file, "its table of contents is not one of entries");
            ReadOnlySpan<byte> entry = table.AsSpan(at);
            int name = U16(entry, 28), extra = U16(entry, 30), comment = U16(entry, 32);
            if (entry.Length < EntryLength + name + extra + comment) throw Damaged(file, "an entry of its table of contents is cut off");
            directory.Add(file, entry, entry.Slice(EntryLength, name), entry.Slice(EntryLength + name, extra));
            at += EntryLength + name + extra + comment;
        }
        return directory;
    }

    private void Add(ByteSource file, ReadOnlySpan<byte> entry, ReadOnlySpan<byte> nameBytes, ReadOnlySpan<byte> extra)
    {
        string name = Encoding.UTF8.GetString(nameBytes);
        long compressed = U32(entry, 20), length = U32(entry, 24), start = U32(entry, 42);
        ReadOnlySpan<byte> wide = Zip64(extra);
        Widen(ref length, ref wide);
        Widen(ref compressed, ref wide);
        Widen(ref start, ref wide);
        if (compressed < 0 || length < 0 || start < 0) throw Damaged(file, $"the entry '{name}' has a negative size");
        if (!_entries.TryAdd(name, new ZipEntry(name, start, compressed, length, U16(entry, 10), U16(entry, 8), U32(entry, 16))))
            throw Damaged(file, $"it has two entries '{name}'");
    }

    private static void Widen(ref long value, ref ReadOnlySpan<byte> wide)
    {
        if (value != uint.MaxValue || wide.Length < 8) return;
        value = BinaryPrimitives.ReadInt64LittleEndian(wide);
        wide = wide[8..];
    }

    /// <summary>The extra field with 64-bit sizes, or nothing.</summary>
    private static ReadOnlySpan<byte> Zip64(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            int length = Math.Min(U16(extra, 2), extra.Length - 4);
            if (U16(extra, 0) == 1) return extra.Slice(4, length);
            extra = extra[(4 + length)..];
        }
        return [];
    }

    private static (long Start, long Length) FindTable(ByteSource file)
    {
        int tailLength = (int)Math.Min(file.Length, EndLength + LongestComment);
        byte[] tail = file.Slice(file.Length - tailLength, tailLength).ReadAll();
        int at = tailLength - EndLength;
        while (at >= 0 && (U32(tail, at) != EndSignature || U16(tail, at + 20) != tailLength - at - EndLength)) at--;
        if (at < 0) throw new WeightFileException(file.Path, "it starts like a zip file, but has no table of contents at its end. It is cut off: get it again.");
        (long length, long start) = (U32(tail, at + 12), U32(tail, at + 16));
        bool wide = U16(tail, at + 10) == ushort.MaxValue || length == uint.MaxValue || start == uint.MaxValue;
        return wide && at >= Locator64Length && U32(tail, at - Locator64Length) == Locator64Signature
            ? FindTable64(file, BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(at - Locator64Length + 8)))
            : (start, length);
    }

    private static (long Start, long Length) FindTable64(ByteSource file, long position)
    {
        byte[] end = file.Slice(position, End64Length).ReadAll();
        if (U32(end, 0) != End64Signature) throw Damaged(file, "its 64-bit table of contents is not where it should be");
        return (BinaryPrimitives.ReadInt64LittleEndian(end.AsSpan(48)), BinaryPrimitives.ReadInt64LittleEndian(end.AsSpan(40)));
    }

    private static WeightFileException Damaged(ByteSource file, string problem) => new(file.Path, $"{problem}. The zip file is damaged.");

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
