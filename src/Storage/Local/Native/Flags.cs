using System.Runtime.InteropServices;

namespace MaskRcnn.Storage.Local.Native;

/// <summary>Flags of Linux' calls, as on x64 and ARM64 (two of them differ).</summary>
internal static class Flags
{
    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;

    public const int LinkFollow = 0x400;
    public const int StatNoFollow = 0x100;
    public const int StatEmptyPath = 0x1000;
    public const uint StatBasic = 0x7ff;

    public const uint RenameNoReplace = 1;

    public const int LockExclusive = 2;
    public const int LockNonBlocking = 4;

    private static readonly bool Arm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    public static int Folder { get; } = Arm ? 0x4000 : 0x10000;

    public static int NoFollow { get; } = Arm ? 0x8000 : 0x20000;

    /// <summary>A file without a name (O_TMPFILE): gone when its process dies before it is linked.</summary>
    public static int Anonymous { get; } = 0x400000 | Folder;
}
