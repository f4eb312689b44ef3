using System.Text;
using MaskRcnn.Storage.Local.Native;
using Microsoft.Win32.SafeHandles;

namespace MaskRcnn.Storage.Local;

/// <summary>
/// Opens the folder of a blob that is to be written or deleted, part by part and never through a link, so that no write
/// leaves the root. The root itself may be reached by links.
/// </summary>
internal static class LocalFolder
{
    private const uint Mode = 0x1FF; // rwxrwxrwx, less the process's umask

    /// <summary>The folder as a handle, and the blob's name in it; null when it does not exist and is not to be made.</summary>
    public static SafeFileHandle? Open(string root, string name, bool create, out string leaf)
    {
        string[] parts = name.Split('/');
        leaf = parts[^1];
        SafeFileHandle? folder = OpenRoot(root, name, create);
        for (int i = 0; folder is not null && i < parts.Length - 1; i++)
        {
            using SafeFileHandle parent = folder;
            folder = OpenPart(root, name, parent, parts[i], create);
        }
        return folder;
    }

    private static SafeFileHandle? OpenRoot(string root, string name, bool create)
    {
        int flags = Flags.ReadOnly | Flags.Folder | Flags.CloseOnExec;
        int folder = Libc.OpenAt(Libc.CurrentFolder, root, flags, 0);
        if (folder < 0 && Errno.Last == Errno.NotFound)
        {
            if (!create) return null;
            MakeRoot(root, name);
            folder = Libc.OpenAt(Libc.CurrentFolder, root, flags, 0);
        }
        return folder >= 0 ? new SafeFileHandle(folder, ownsHandle: true) : throw new BlobException(root, name, Errno.Describe(Errno.Last));
    }

    private static void MakeRoot(string root, string name)
    {
        try
        {
            Directory.CreateDirectory(root);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BlobException(root, name, $"the folder {root} cannot be made: {exception.Message}", exception);
        }
        if (Path.GetDirectoryName(root) is { } parent) Sync(parent);
    }

    private static SafeFileHandle? OpenPart(string root, string name, SafeFileHandle parent, string part, bool create)
    {
        int flags = Flags.ReadOnly | Flags.Folder | Flags.NoFollow | Flags.CloseOnExec;
        for (int tries = 0; ; tries++)
        {
            int folder = Libc.OpenAt(parent.Descriptor(), part, flags, 0);
            if (folder >= 0) return new SafeFileHandle(folder, ownsHandle: true);
            int errno = Errno.Last;
            if (errno == Errno.NotFound && !create) return null;
            if (errno == Errno.NotFound && tries == 0)
            {
                if (Libc.MakeFolderAt(parent.Descriptor(), part, Mode) == 0) _ = Libc.Sync(parent.Descriptor());
                else if (Errno.Last != Errno.Exists) throw new BlobException(root, name, Errno.Describe(Errno.Last));
                continue;
            }
            if (errno is not (Errno.NotAFolder or Errno.TooManyLinks)) throw new BlobException(root, name, Errno.Describe(errno));
            if (IsLink(parent, part))
                throw new BlobException(root, name, $"'{part}' in its name is a link. Nothing is written or deleted through links, as they may lead out of the folder.");
            return create ? throw new BlobException(root, name, $"'{part}' in its name is a file, so nothing can be below it.") : null;
        }
    }

    private static unsafe bool IsLink(SafeFileHandle parent, string part)
    {
        fixed (byte* path = Encoding.UTF8.GetBytes(part + "\0"))
            return Libc.Stat(parent.Descriptor(), path, Flags.StatNoFollow, Flags.StatBasic, out FileStat stat) == 0 && stat.IsLink;
    }

    private static void Sync(string path)
    {
        int folder = Libc.OpenAt(Libc.CurrentFolder, path, Flags.ReadOnly | Flags.Folder | Flags.CloseOnExec, 0);
        if (folder < 0) return;
        using var handle = new SafeFileHandle(folder, ownsHandle: true);
        _ = Libc.Sync(folder);
    }
}
