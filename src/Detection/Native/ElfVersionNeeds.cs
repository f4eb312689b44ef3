using System.Buffers.Binary;
using System.Text;

namespace MaskRcnn.Detection.Native;

/// <summary>
/// The versions of other libraries' symbols that a 64-bit ELF library needs (section <c>.gnu.version_r</c>), and the
/// means to make one of them weak: the loader then accepts a library that lacks it.
/// </summary>
internal static class ElfVersionNeeds
{
    private const uint VersionNeeds = 0x6ffffffe;
    private const ushort Weak = 2;

    /// <summary>Sets the weak flag of every need of a version.</summary>
    /// <param name="file">The library; changed in place.</param>
    /// <param name="version">The version's name, such as <c>GLIBCXX_3.4.32</c>.</param>
    /// <returns>How many needs were made weak; 0 when the library does not need that version.</returns>
    /// <exception cref="InvalidDataException">The bytes are not a 64-bit little-endian ELF file with whole tables.</exception>
    public static int MakeWeak(Span<byte> file, string version)
    {
        try
        {
            return MakeWeakUnchecked(file, Encoding.ASCII.GetBytes(version));
        }
        catch (Exception error) when (error is ArgumentOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException("The library is not a whole 64-bit ELF file: a table reaches past its end.", error);
        }
    }

    private static int MakeWeakUnchecked(Span<byte> file, ReadOnlySpan<byte> version)
    {
        if (file.Length < 64 || !file[..6].SequenceEqual("\x7f"u8.ToArray().Concat("ELF"u8.ToArray()).Concat(new byte[] { 2, 1 }).ToArray()))
            throw new InvalidDataException("The library is not a 64-bit little-endian ELF file.");
        int sections = checked((int)U64(file, 0x28)), size = U16(file, 0x3a), count = U16(file, 0x3c);
        int weakened = 0;
        for (int s = 0; s < count; s++)
        {
            Span<byte> header = file.Slice(checked(sections + s * size), 64);
            if (U32(header, 4) != VersionNeeds)
                continue;
            Span<byte> needs = Section(file, header);
            Span<byte> strings = Section(file, file.Slice(checked(sections + (int)U32(header, 40) * size), 64));
            weakened += MakeWeakInSection(needs, strings, libraries: (int)U32(header, 44), version);
        }

        return weakened;
    }

    /// <summary>Walks the linked lists: for each library (Elf64_Verneed, 16 bytes) its versions (Elf64_Vernaux, 16 bytes).</summary>
    private static int MakeWeakInSection(Span<byte> needs, ReadOnlySpan<byte> strings, int libraries, ReadOnlySpan<byte> version)
    {
        int weakened = 0;
        for (int library = 0, at = 0; library < libraries; library++)
        {
            Span<byte> need = needs.Slice(at, 16);
            int versions = U16(need, 2), entryAt = checked(at + (int)U32(need, 8));
            for (int v = 0; v < versions; v++)
            {
                Span<byte> entry = needs.Slice(entryAt, 16);
                ReadOnlySpan<byte> name = strings[checked((int)U32(entry, 8))..];
                if (name.Length > version.Length && name.StartsWith(version) && name[version.Length] == 0)
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(entry[4..], (ushort)(U16(entry, 4) | Weak));
                    weakened++;
                }

                entryAt = checked(entryAt + (int)U32(entry, 12));
            }

            at = checked(at + (int)U32(need, 12));
        }

        return weakened;
    }

    private static Span<byte> Section(Span<byte> file, ReadOnlySpan<byte> header) =>
        file.Slice(checked((int)U64(header, 24)), checked((int)U64(header, 32)));

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
}
