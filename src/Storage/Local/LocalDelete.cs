using MaskRcnn.Storage.Local.Native;
using Microsoft.Win32.SafeHandles;

namespace MaskRcnn.Storage.Local;

/// <summary>Deletes a file, under the lock of its folder.</summary>
internal static class LocalDelete
{
    public static void Run(string root, string name, string? ifMatch)
    {
        using SafeFileHandle? folder = LocalFolder.Open(root, name, create: false, out string leaf);
        if (folder is null) return;
        using LocalLock held = LocalLock.Take(folder, root, name);
        if (ifMatch is not null && FileVersion.TryOf(Path.Join(root, name), withAttempt: false, out FileVersion found) == 0 && found.ETag != ifMatch)
            throw new BlobChangedException(root, name, ifMatch, found.ETag);
        if (Libc.UnlinkAt(folder.Descriptor(), leaf, 0) == 0) _ = Libc.Sync(folder.Descriptor());
        else if (Errno.Last is not (Errno.NotFound or Errno.IsAFolder)) throw new BlobException(root, name, "it cannot be deleted: " + Errno.Describe(Errno.Last));
    }
}
