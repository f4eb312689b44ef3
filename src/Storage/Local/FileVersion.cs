using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using MaskRcnn.Storage.Local.Native;
using Microsoft.Win32.SafeHandles;

namespace MaskRcnn.Storage.Local;

/// <summary>
/// Which version of a file this is. The store marks what it writes with a random id in an extended attribute. The time of
/// the last change (ctime), which no program can set, tells when somebody else changes such a file in place, where the
/// attribute stays. Files without the attribute are told apart by inode, that time and size. The device is left out: its
/// number may be another after a restart.
/// </summary>
/// <param name="Stat">What the disk knows.</param>
/// <param name="WriteId">The store's random id; null for foreign files.</param>
/// <param name="Attempt">Who wrote it; null for foreign files, and where it was not asked for.</param>
internal readonly record struct FileVersion(FileStat Stat, string? WriteId, string? Attempt)
{
    /// <summary>Bytes of the random id, before the attempt in the attribute. Short: both then fit into an inode of ext4.</summary>
    public const int IdBytes = 12;

    /// <summary>Longest attempt.</summary>
    public const int MostAttemptBytes = 128;

    /// <summary>The extended attribute with the id and the attempt.</summary>
    public static ReadOnlySpan<byte> AttributeName => "user.maskrcnn.id\0"u8;

    public string ETag => WriteId is null
        ? string.Create(CultureInfo.InvariantCulture, $"{Stat.Inode:x}-{Stat.Changed:x}-{Stat.Size:x}")
        : string.Create(CultureInfo.InvariantCulture, $"{WriteId}-{Stat.Changed:x}");

    /// <summary>The version of an open file.</summary>
    public static unsafe int TryOf(SafeFileHandle file, bool withAttempt, out FileVersion version)
    {
        version = default;
        byte empty = 0;
        if (Libc.Stat(file.Descriptor(), &empty, Flags.StatEmptyPath, Flags.StatBasic, out FileStat stat) != 0) return Errno.Last;
        byte* value = stackalloc byte[IdBytes + MostAttemptBytes];
        fixed (byte* name = AttributeName)
            version = From(stat, value, Libc.GetAttribute(file.Descriptor(), name, value, IdBytes + MostAttemptBytes), withAttempt);
        return 0;
    }

    /// <summary>The version of the file at a path (UTF-8 with a NUL), links followed.</summary>
    public static unsafe int TryOf(ReadOnlySpan<byte> path, bool withAttempt, out FileVersion version)
    {
        version = default;
        byte* value = stackalloc byte[IdBytes + MostAttemptBytes];
        fixed (byte* at = path, name = AttributeName)
        {
            if (Libc.Stat(Libc.CurrentFolder, at, 0, Flags.StatBasic, out FileStat stat) != 0) return Errno.Last;
            version = From(stat, value, stat.IsFile ? Libc.GetAttribute(at, name, value, IdBytes + MostAttemptBytes) : -1, withAttempt);
        }
        return 0;
    }

    /// <summary>As above, for a path as a string.</summary>
    public static int TryOf(string path, bool withAttempt, out FileVersion version)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(path.Length) + 1];
        Encoding.UTF8.GetBytes(path, bytes);
        return TryOf(bytes, withAttempt, out version);
    }

    /// <summary>Whether a file that is open changed in place since: being replaced or deleted also sets its time of change.</summary>
    public bool HoldsStill(FileVersion later) =>
        Stat.Changed == later.Stat.Changed || (later.Stat.Links < Stat.Links && Stat.Modified == later.Stat.Modified && Stat.Size == later.Stat.Size);

    private static unsafe FileVersion From(FileStat stat, byte* value, nint length, bool withAttempt)
    {
        if (length < IdBytes) return new FileVersion(stat, null, null);
        ReadOnlySpan<byte> bytes = MemoryMarshal.CreateReadOnlySpan(ref *value, (int)length);
        return new FileVersion(stat, Id(bytes[..IdBytes]), withAttempt ? Encoding.UTF8.GetString(bytes[IdBytes..]) : null);
    }

    /// <summary>The id as text.</summary>
    public static string Id(ReadOnlySpan<byte> id) => System.Buffers.Text.Base64Url.EncodeToString(id);
}
