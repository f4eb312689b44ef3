using MaskRcnn.Detection.Images;

namespace MaskRcnn.Client.Predict;

/// <summary>A pattern of paths: a folder, and a <see cref="NamePattern"/> of what lies below it.</summary>
internal sealed class PathPattern
{
    private readonly NamePattern _names;

    private PathPattern(string root, NamePattern names)
    {
        Root = root;
        _names = names;
    }

    /// <summary>The folder below which all that matches lies.</summary>
    public string Root { get; }

    /// <summary>How many folders deep a file can lie below <see cref="Root"/>.</summary>
    public int Depth => _names.Depth;

    /// <summary>Whether names that begin with a dot are asked for.</summary>
    public bool IncludesHidden => _names.IncludesHidden;

    public static bool IsPattern(string path) => path.AsSpan().IndexOfAny('*', '?') >= 0;

    /// <summary>Every file in a folder and its subfolders.</summary>
    public static PathPattern AllOf(string folder) => new(Path.TrimEndingDirectorySeparator(folder), new NamePattern(["**"]));

    /// <summary>Reads a full path with at least one <c>*</c> or <c>?</c>.</summary>
    public static PathPattern Parse(string path)
    {
        string root = path;
        var names = new Stack<string>();
        while (IsPattern(root))
        {
            names.Push(Path.GetFileName(root));
            root = Path.GetDirectoryName(root)!;
        }
        return new PathPattern(root, new NamePattern([.. names]));
    }

    /// <summary>Whether a file matches.</summary>
    /// <param name="names">Its folders below <see cref="Root"/> and its name.</param>
    public bool Matches(ReadOnlySpan<string> names) => _names.Matches(names);
}
