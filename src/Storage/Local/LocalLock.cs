using MaskRcnn.Storage.Local.Native;
using Microsoft.Win32.SafeHandles;

namespace MaskRcnn.Storage.Local;

/// <summary>An advisory lock (flock) on a folder that is open. The kernel releases it when the process dies.</summary>
internal sealed class LocalLock : IDisposable
{
    private const int Unlock = 8;

    private readonly SafeFileHandle _folder;

    private LocalLock(SafeFileHandle folder) => _folder = folder;

    public static LocalLock Take(SafeFileHandle folder, string root, string name)
    {
        while (Libc.Lock(folder.Descriptor(), Flags.LockExclusive) != 0)
        {
            if (Errno.Last != Errno.Interrupted)
                throw new BlobException(root, name, $"its folder cannot be locked: {Errno.Describe(Errno.Last)} Network disks may not allow it; use a local disk or blob storage.");
        }
        return new LocalLock(folder);
    }

    public void Dispose() => _ = Libc.Lock(_folder.Descriptor(), Unlock);
}
