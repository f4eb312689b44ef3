using System.Buffers;

namespace MaskRcnn.Storage;

/// <summary>
/// What may be a blob's name, in every store: parts with <c>/</c> between them, none of them empty, <c>.</c> or <c>..</c>,
/// without NUL and backslash. Such a name never leads out of a folder.
/// </summary>
public static class BlobName
{
    /// <summary>How names begin that a store keeps for itself.</summary>
    internal const string Reserved = ".maskrcnn-";

    /// <summary>Characters of the longest name.</summary>
    public const int MostCharacters = 1024;

    private static readonly SearchValues<char> Forbidden = SearchValues.Create("\0\\");

    /// <summary>Throws when this is not a name.</summary>
    internal static void Check(string location, string name)
    {
        if (Fault(name) is { } fault) throw new BlobNameException(location, name, fault);
    }

    /// <summary>Throws when names with this prefix could not be names.</summary>
    internal static void CheckPrefix(string location, string prefix)
    {
        int end = prefix.LastIndexOf('/');
        if ((end >= 0 ? Fault(prefix[..end]) : null) is { } fault) throw new BlobNameException(location, prefix, fault);
    }

    /// <summary>Whether a part begins with a dot: such blobs are not listed.</summary>
    internal static bool IsHidden(ReadOnlySpan<char> name) => name.StartsWith('.') || name.Contains("/.", StringComparison.Ordinal);

    /// <summary>Why this is not a name, as a clause; null when it is one.</summary>
    /// <param name="name">A text.</param>
    public static string? Fault(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0) return "it is empty";
        if (name.Length > MostCharacters) return $"it has {name.Length} characters, at most {MostCharacters} are allowed";
        if (name.AsSpan().ContainsAny(Forbidden)) return "it has a NUL or a backslash in it";
        if (!IsWellFormed(name)) return "it is not valid Unicode";
        foreach (Range range in name.AsSpan().Split('/'))
        {
            ReadOnlySpan<char> part = name.AsSpan(range);
            if (part.IsEmpty) return "it begins or ends with '/', or has '//' in it";
            if (part is "." or "..") return $"it has the part '{part}'";
            if (part.StartsWith(Reserved, StringComparison.Ordinal)) return $"names that begin with {Reserved} are the store's own";
        }
        return null;
    }

    private static bool IsWellFormed(ReadOnlySpan<char> name)
    {
        if (!name.ContainsAnyInRange('\uD800', '\uDFFF')) return true;
        while (!name.IsEmpty)
        {
            if (System.Text.Rune.DecodeFromUtf16(name, out _, out int used) != OperationStatus.Done) return false;
            name = name[used..];
        }
        return true;
    }
}
