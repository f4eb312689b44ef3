namespace MaskRcnn.Storage;

/// <summary>
/// URIs of stores and blobs as text. A SAS stands at their end and is a secret: so they are put together, taken apart and shown
/// by these functions, and nowhere by hand.
/// </summary>
public static class BlobUri
{
    /// <summary>What stands for a SAS where a URI is shown.</summary>
    public const string HiddenQuery = "?…";

    private const string SchemeEnd = "://";

    /// <summary>A URI as it may be shown and kept: with <see cref="HiddenQuery"/> for its query, and without a user's name and password.</summary>
    /// <param name="uri">A path or URI; paths are shown as they are.</param>
    public static string WithoutSecrets(string uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        (string place, string query) = Cut(uri);
        if (Scheme(uri) is not (null or "file") && place.IndexOf('@', StringComparison.Ordinal) is >= 0 and int at)
        {
            int host = HostOf(place), path = place.IndexOf('/', host);
            if (path < 0 || at < path) place = string.Concat(place.AsSpan(0, host), "…", place.AsSpan(at));
        }
        return query.Length == 0 ? place : place + HiddenQuery;
    }

    /// <summary>Whether a URI is one as <see cref="WithoutSecrets"/> shows it: nothing can be opened by it.</summary>
    /// <param name="uri">A path or URI.</param>
    public static bool IsHidden(string uri) => Cut(uri).Query == HiddenQuery;

    /// <summary>The URI of a name below a root: a SAS stays at the end.</summary>
    /// <param name="root">A path or URI, with or without a slash at its end.</param>
    /// <param name="name">A name below it, in parts with <c>/</c> between them.</param>
    public static string Join(string root, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        ArgumentException.ThrowIfNullOrEmpty(name);
        (string place, string query) = Cut(root);
        bool isEscaped = Scheme(root) is not null && !IsShort(root);
        return $"{Trimmed(place)}/{(isEscaped ? string.Join('/', name.Split('/').Select(Uri.EscapeDataString)) : name)}{query}";
    }

    /// <summary>Whether a URI is of something within a root, by their texts, whatever opens them.</summary>
    /// <param name="uri">A path or URI.</param>
    /// <param name="root">A path or URI.</param>
    public static bool IsBelow(string uri, string root) => Cut(uri).Place.StartsWith(Trimmed(Cut(root).Place) + "/", StringComparison.Ordinal);

    /// <summary>The path that a path or <c>file:///…</c> names; null for what is not local.</summary>
    /// <param name="uri">A path or URI.</param>
    /// <exception cref="ArgumentException">It is a file on another host.</exception>
    public static string? LocalPath(string uri) => Scheme(uri) switch
    {
        null => uri,
        "file" => Uri.TryCreate(uri, UriKind.Absolute, out Uri? parsed) && parsed.Host.Length == 0 && parsed.LocalPath.StartsWith('/')
            ? parsed.LocalPath
            : throw new ArgumentException($"'{uri}' names another host; file:///path/of/folder is expected.", nameof(uri)),
        _ => null,
    };

    /// <summary>The scheme in lower case; null for a plain path.</summary>
    internal static string? Scheme(string uri)
    {
        int end = uri.IndexOf(SchemeEnd, StringComparison.Ordinal);
        return end <= 0 || uri.AsSpan(0, end).Contains('/') ? null : uri[..end].ToLowerInvariant();
    }

    /// <summary>Whether names stand in this URI as they are, without escapes.</summary>
    internal static bool IsShort(string uri) => Scheme(uri) is "az" or "s3";

    /// <summary>The URI up to its query, and the query with its question mark, or nothing. A path has none: its names may hold any character.</summary>
    internal static (string Place, string Query) Cut(string uri)
    {
        int query = Scheme(uri) is null or "file" ? -1 : uri.IndexOf('?', StringComparison.Ordinal);
        // Here, too, names may; but a SAS that was put there by mistake is one all the same.
        if (query >= 0 && Scheme(uri) == "az" && uri.AsSpan(query) is not HiddenQuery && uri.IndexOf("sig=", query, StringComparison.OrdinalIgnoreCase) < 0) query = -1;
        return query < 0 ? (uri, "") : (uri[..query], uri[query..]);
    }

    /// <summary>Where the host begins.</summary>
    private static int HostOf(string uri) => Scheme(uri) is null ? 0 : uri.IndexOf(SchemeEnd, StringComparison.Ordinal) + SchemeEnd.Length;

    private static string Trimmed(string place)
    {
        int end = place.Length, least = HostOf(place);
        while (end > least && place[end - 1] == '/') end--;
        return place[..end];
    }
}
