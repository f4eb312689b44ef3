using System.Runtime.InteropServices;

namespace MaskRcnn.Storage.Local.Native;

/// <summary>What statx(2) says of a file; the same layout on all processors.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct FileStat
{
    [FieldOffset(16)]
    public uint Links;

    [FieldOffset(28)]
    public ushort Mode;

    [FieldOffset(32)]
    public ulong Inode;

    [FieldOffset(40)]
    public long Size;

    [FieldOffset(96)]
    public long ChangedSeconds;

    [FieldOffset(104)]
    public uint ChangedNanoseconds;

    [FieldOffset(112)]
    public long ModifiedSeconds;

    [FieldOffset(120)]
    public uint ModifiedNanoseconds;

    /// <summary>When anything of the file changed last, by the kernel's clock: no program can set it.</summary>
    public readonly long Changed => (ChangedSeconds * 1_000_000_000) + ChangedNanoseconds;

    /// <summary>When its bytes changed last; programs can set it.</summary>
    public readonly long Modified => (ModifiedSeconds * 1_000_000_000) + ModifiedNanoseconds;

    public readonly bool IsFile => (Mode & 0xF000) == 0x8000;

    public readonly bool IsLink => (Mode & 0xF000) == 0xA000;
}
