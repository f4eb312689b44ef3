using MaskRcnn.Storage.Local.Native;
using Microsoft.Win32.SafeHandles;

namespace MaskRcnn.Storage.Local;

/// <summary>Paths without links.</summary>
internal static class RealPath
{
    /// <summary>An absolute path without '..', as it is really called; what does not exist of it keeps its name.</summary>
    public static string Of(string path)
    {
        string rest = "";
        for (string? at = path; at is { Length: > 0 }; at = Path.GetDirectoryName(at))
        {
            if (OfFolder(at) is { } real) return rest.Length == 0 ? real : Path.Join(real, rest);
            rest = rest.Length == 0 ? Path.GetFileName(at) : Path.Join(Path.GetFileName(at), rest);
        }
        return path;
    }

    /// <summary>A folder's; null when it cannot be opened.</summary>
    public static string? OfFolder(string path)
    {
        int folder = Libc.OpenAt(Libc.CurrentFolder, path, Flags.ReadOnly | Flags.Folder | Flags.CloseOnExec, 0);
        if (folder < 0) return null;
        using var handle = new SafeFileHandle(folder, ownsHandle: true);
        return OfDescriptor(folder);
    }

    /// <summary>Of an open file or folder.</summary>
    public static string? OfDescriptor(int descriptor) => new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget;

    /// <summary>Whether a real path is a folder or below it.</summary>
    public static bool IsWithin(string real, string folder) => real == folder || real.StartsWith(folder.EndsWith('/') ? folder : folder + "/", StringComparison.Ordinal);
}
