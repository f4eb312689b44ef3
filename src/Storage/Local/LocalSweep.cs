using MaskRcnn.Storage.Local.Native;
using Microsoft.Win32.SafeHandles;

namespace MaskRcnn.Storage.Local;

/// <summary>
/// Deletes what killed writers left behind. A writer that lives holds a lock on its temporary file, so age need not be
/// guessed.
/// </summary>
internal static class LocalSweep
{
    public static int Run(string root)
    {
        if (!Directory.Exists(root)) return 0;
        // Links to folders are not entered: nothing is written through them.
        var options = new EnumerationOptions { AttributesToSkip = FileAttributes.ReparsePoint, RecurseSubdirectories = true, IgnoreInaccessible = true };
        return Directory.EnumerateFiles(root, LocalWrite.TemporaryPrefix + "*", options).Count(Delete);
    }

    private static bool Delete(string path)
    {
        int file = Libc.OpenAt(Libc.CurrentFolder, path, Flags.ReadOnly | Flags.NoFollow | Flags.CloseOnExec, 0);
        if (file < 0) return false;
        using var handle = new SafeFileHandle(file, ownsHandle: true);
        return Libc.Lock(file, Flags.LockExclusive | Flags.LockNonBlocking) == 0 && Libc.UnlinkAt(Libc.CurrentFolder, path, 0) == 0;
    }
}
