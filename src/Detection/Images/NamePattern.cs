using System.IO.Enumeration;

namespace MaskRcnn.Detection.Images;

/// <summary>
/// A pattern of names with folders: <c>*</c> and <c>?</c> within a part, <c>**</c> for any number of folders. Names that begin
/// with a dot match only where the pattern says the dot.
/// </summary>
public sealed class NamePattern
{
    private const string AnyFolders = "**";

    private readonly string[] _parts;

    /// <summary>A pattern of its parts. One that ends in <c>**</c> or in an empty part means the files there.</summary>
    /// <param name="parts">Folders and the name; at least one.</param>
    public NamePattern(IReadOnlyList<string> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        _parts = parts[^1] switch
        {
            AnyFolders => [.. parts, "*"],
            "" => [.. parts.SkipLast(1), "*"],
            _ => [.. parts],
        };
    }

    /// <summary>How many folders deep a name can lie.</summary>
    public int Depth => _parts.Contains(AnyFolders) ? int.MaxValue : _parts.Length - 1;

    /// <summary>Whether names that begin with a dot are asked for.</summary>
    public bool IncludesHidden => _parts.Any(part => part.StartsWith('.'));

    /// <summary>What is wrong with the text of a pattern, or null.</summary>
    /// <param name="pattern">Parts with <c>/</c> between them.</param>
    public static string? Problem(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        if (pattern.Length == 0) return "it is empty; expected a name with *, ? and **";
        if (pattern[0] == '/') return $"'{pattern}' begins with '/'; expected names below the collection";
        string[] parts = pattern.Split('/');
        if (parts.SkipLast(1).Contains("")) return $"'{pattern}' has an empty part; expected one '/' between names";
        return parts.Any(part => part is "." or "..") ? $"'{pattern}' has the part '.' or '..'; expected names below the collection" : null;
    }

    /// <summary>Reads a pattern.</summary>
    /// <param name="pattern">Parts with <c>/</c> between them.</param>
    /// <exception cref="FormatException">It is none, see <see cref="Problem"/>.</exception>
    public static NamePattern Parse(string pattern) =>
        Problem(pattern) is { } problem ? throw new FormatException($"The pattern cannot be: {problem}.") : new NamePattern(pattern.Split('/'));

    /// <summary>Whether a name matches.</summary>
    /// <param name="names">Its folders and its name.</param>
    public bool Matches(ReadOnlySpan<string> names)
    {
        // As with wildcards in a name: only the last ** can have to give way.
        int p = 0, n = 0, retryPattern = -1, retryName = 0;
        while (n < names.Length)
        {
            if (p < _parts.Length && _parts[p] == AnyFolders)
            {
                retryPattern = ++p;
                retryName = n;
            }
            else if (p < _parts.Length && MatchesPart(_parts[p], names[n]))
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
        return p == _parts.Length;
    }

    private static bool MatchesPart(string pattern, string name) =>
        name.StartsWith('.') == pattern.StartsWith('.') && FileSystemName.MatchesSimpleExpression(Escaped(pattern), name, ignoreCase: false);

    /// <summary>A backslash is a letter here, as it is in names, and not an escape.</summary>
    private static string Escaped(string pattern) => pattern.Replace("\\", "\\\\", StringComparison.Ordinal);
}
