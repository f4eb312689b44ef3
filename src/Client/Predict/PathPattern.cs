using System.IO.Enumeration;

namespace MaskRcnn.Client.Predict;

/// <summary>A pattern of paths: <c>*</c> and <c>?</c> within a name, <c>**</c> for any number of folders.</summary>
internal sealed class PathPattern
{
    private const string AnyFolders = "**";

    private readonly string[] _names;

    private PathPattern(string root, string[] names)
    {
        Root = root;
        _names = names;
    }

    /// <summary>The folder below which all that matches lies.</summary>
    public string Root { get; }

    /// <summary>How many folders deep a file can lie below <see cref="Root"/>.</summary>
    public int Depth => _names.Contains(AnyFolders) ? int.MaxValue : _names.Length - 1;

    /// <summary>Whether names that begin with a dot are asked for.</summary>
    public bool IncludesHidden => _names.Any(name => name.StartsWith('.'));

    public static bool IsPattern(string path) => path.AsSpan().IndexOfAny('*', '?') >= 0;

    /// <summary>Every file in a folder and its subfolders.</summary>
    public static PathPattern AllOf(string folder) => new(Path.TrimEndingDirectorySeparator(folder), [AnyFolders, "*"]);

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
        // A pattern that ends in ** or in a separator means the files there.
        return new PathPattern(root, [.. names, .. names.Last() is AnyFolders or "" ? ["*"] : Array.Empty<string>()]);
    }

    /// <summary>Whether a file matches.</summary>
    /// <param name="names">Its folders below <see cref="Root"/> and its name.</param>
    public bool Matches(ReadOnlySpan<string> names) => Matches(_names, names);

    private static bool Matches(ReadOnlySpan<string> pattern, ReadOnlySpan<string> names)
    {
        // As with wildcards in a name: only the last ** can have to give way.
        int p = 0, n = 0, retryPattern = -1, retryName = 0;
        while (n < names.Length)
        {
            if (p < pattern.Length && pattern[p] == AnyFolders)
            {
                retryPattern = ++p;
                retryName = n;
            }
            else if (p < pattern.Length && MatchesName(pattern[p], names[n]))
            {
                p++;
                n++;
            }
            else if (retryPattern >= 0)
            {
                p = retryPattern;
                n = ++retryName;
            }
            else
            {
                return false;
            }
        }
        return p == pattern.Length;
    }

    private static bool MatchesName(string pattern, string name) =>
        name.StartsWith('.') == pattern.StartsWith('.') && FileSystemName.MatchesSimpleExpression(Escaped(pattern), name, ignoreCase: false);

    /// <summary>A backslash is a letter here, as it is in names, and not an escape.</summary>
    private static string Escaped(string pattern) => pattern.Replace("\\", "\\\\", StringComparison.Ordinal);
}
