namespace MaskRcnn.Detection.Training.Data;

/// <summary>
/// Finds the files of a data set's images: by path below the folder, as <c>predict</c> does; else by the last part of
/// the name, where it is that of one image of the data set and of one file below the folder. Links to folders are
/// followed in paths only.
/// </summary>
internal sealed class ImageLocator
{
    private static readonly EnumerationOptions Walk = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden };

    private readonly string _folder;
    private readonly Dictionary<string, int> _images = new(StringComparer.Ordinal);
    private readonly Lazy<Dictionary<string, string?>> _files;

    /// <param name="folder">The images' folder.</param>
    /// <param name="names">The names of all images of the data set.</param>
    public ImageLocator(string folder, IEnumerable<string> names)
    {
        _folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;
        foreach (string name in names) _images[LastPart(name)] = _images.GetValueOrDefault(LastPart(name)) + 1;
        // Most data sets need no list of the folder: every path is right.
        _files = new Lazy<Dictionary<string, string?>>(ListFiles);
    }

    /// <summary>The image's file, or null. May be called from many threads.</summary>
    public string? Find(string name)
    {
        if (name.Length > 0 && !name.Contains('\0'))
        {
            string path = Path.GetFullPath(Path.Combine(_folder, name));
            // A name must not lead out of the folder, whatever an annotations' file says.
            if (path.StartsWith(_folder, StringComparison.Ordinal) && File.Exists(path)) return path;
        }
        string last = LastPart(name);
        return _images.GetValueOrDefault(last) == 1 ? _files.Value.GetValueOrDefault(last) : null;
    }

    private Dictionary<string, string?> ListFiles()
    {
        Dictionary<string, string?> files = new(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(_folder, "*", Walk))
        {
            if (!files.TryAdd(Path.GetFileName(file), file)) files[Path.GetFileName(file)] = null;
        }
        return files;
    }

    private static string LastPart(string name) => name[(name.LastIndexOf('/') + 1)..];
}
