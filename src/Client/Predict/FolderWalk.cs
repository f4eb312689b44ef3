namespace MaskRcnn.Client.Predict;

/// <summary>Lists files below a folder. Links to folders are followed, and no folder is entered twice, so that loops end.</summary>
internal static class FolderWalk
{
    /// <summary>The full paths of all files that match.</summary>
    public static IEnumerable<string> Files(PathPattern pattern)
    {
        if (!Directory.Exists(pattern.Root)) yield break;
        var entered = new HashSet<string>(StringComparer.Ordinal);
        var folders = new Queue<(string Path, string[] Names)>([(pattern.Root, [])]);
        // Links wait until all real folders are known: those keep their own names.
        var links = new Queue<(string Path, string[] Names)>();
        while (folders.Count > 0 || links.Count > 0)
        {
            (string folder, string[] names) = folders.Count > 0 ? folders.Dequeue() : links.Dequeue();
            if (!entered.Add(RealPath(folder))) continue;
            foreach (FileSystemInfo entry in Entries(folder, pattern.IncludesHidden))
            {
                string[] below = [.. names, entry.Name];
                if (Directory.Exists(entry.FullName))
                {
                    if (below.Length <= pattern.Depth) (entry.LinkTarget is null ? folders : links).Enqueue((entry.FullName, below));
                }
                else if (pattern.Matches(below) && File.Exists(entry.FullName))
                {
                    yield return entry.FullName;
                }
            }
        }
    }

    private static IEnumerable<FileSystemInfo> Entries(string folder, bool hidden) =>
        new DirectoryInfo(folder).EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false })
            .Where(entry => hidden || !entry.Name.StartsWith('.'))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal);

    /// <summary>The path without links in any of its parts.</summary>
    private static string RealPath(string path)
    {
        string? parent = Path.GetDirectoryName(path);
        if (parent is null) return path;
        string real = Path.Combine(RealPath(parent), Path.GetFileName(path));
        return Directory.ResolveLinkTarget(real, returnFinalTarget: true) is { } target ? RealPath(target.FullName) : real;
    }
}
