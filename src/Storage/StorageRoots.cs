using MaskRcnn.Storage.Local;

namespace MaskRcnn.Storage;

/// <summary>
/// What may be reached by the URIs of strangers: whole folders, containers or prefixes, and what is below them. Compared by
/// parts of the path, after normalising; hosts without regard to case; folders after following links.
/// </summary>
public sealed class StorageRoots
{
    private readonly List<(string Shown, Place Place)> _roots = [];

    /// <summary>Roots.</summary>
    /// <param name="roots">Absolute paths or URIs without a SAS, as <see cref="BlobStores.Open"/> takes them; none: everything may be reached.</param>
    /// <exception cref="ArgumentException">One of them cannot be a root.</exception>
    public StorageRoots(IEnumerable<string> roots)
    {
        ArgumentNullException.ThrowIfNull(roots);
        foreach (string root in roots)
        {
            if (TryParse(root, out Place? place) is { } problem) throw new ArgumentException($"The storage root '{BlobUri.WithoutSecrets(root)}' {problem}.", nameof(roots));
            if (BlobUri.Cut(root).Query.Length > 0) throw new ArgumentException($"The storage root '{BlobUri.WithoutSecrets(root)}' has a query; expected a URI without a SAS, as URIs are compared without theirs.", nameof(roots));
            _roots.Add((root, place!));
        }
    }

    /// <summary>Whether a text can be a root.</summary>
    /// <param name="root">A path or URI.</param>
    public static bool CanBe(string root) => TryParse(root, out _) is null && BlobUri.Cut(root).Query.Length == 0;

    /// <summary>No limits.</summary>
    public static StorageRoots Everything { get; } = new([]);

    /// <summary>Why a URI may not be reached, as a sentence's end after the URI; null if it may.</summary>
    /// <param name="uri">A path or URI.</param>
    public string? Problem(string uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        if (_roots.Count == 0) return null;
        if (TryParse(uri, out Place? place) is { } problem) return problem;
        return Find(place!) is null ? $"is not below a storage root of this cluster; expected one of {string.Join(", ", _roots.Select(root => root.Shown))}. Its operator can add one to Storage:Roots" : null;
    }

    /// <summary>Opens a store, if it may be reached. What is in a folder then is not followed out of its root by links.</summary>
    /// <param name="uri">The store's root.</param>
    /// <param name="open">Opens what is not a folder, and everything where there are no limits.</param>
    /// <exception cref="ArgumentException">It may not be reached.</exception>
    public IBlobStore Open(string uri, Func<string, IBlobStore> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        if (_roots.Count == 0) return open(uri);
        if (Problem(uri) is { } problem) throw new ArgumentException($"'{BlobUri.WithoutSecrets(uri)}' {problem}.", nameof(uri));
        _ = TryParse(uri, out Place? place);
        if (place!.Host != Place.Folder) return open(uri);
        // The folder as it is really called: links on the way to it were looked at just now.
        return new LocalBlobStore(RealPath.Of(place.Path), new LocalOptions(Within: RealPath.Of(Find(place)!.Path)));
    }

    private Place? Find(Place place)
    {
        Place real = place.Host == Place.Folder ? place with { Parts = Split(RealPath.Of(place.Path)) } : place;
        foreach ((_, Place root) in _roots)
        {
            Place realRoot = root.Host == Place.Folder ? root with { Parts = Split(RealPath.Of(root.Path)) } : root;
            if (real.Host == realRoot.Host && real.Parts.Length >= realRoot.Parts.Length && realRoot.Parts.SequenceEqual(real.Parts.Take(realRoot.Parts.Length), StringComparer.Ordinal)) return root;
        }
        return null;
    }

    /// <returns>What is wrong, or null.</returns>
    private static string? TryParse(string uri, out Place? place)
    {
        place = null;
        string host;
        string path;
        try
        {
            if (BlobUri.LocalPath(uri) is { } local)
            {
                if (!Path.IsPathFullyQualified(local)) return "is not absolute";
                (host, path) = (Place.Folder, local);
            }
            else if (BlobUri.IsShort(uri))
            {
                (host, path) = (BlobUri.Scheme(uri)!, BlobUri.Cut(uri).Place["az://".Length..]);
            }
            else
            {
                if (BlobUri.Scheme(uri) is not ("http" or "https") || !Uri.TryCreate(BlobUri.Cut(uri).Place, UriKind.Absolute, out Uri? parsed) || parsed.UserInfo.Length > 0)
                    return "is no place for blobs; expected a path, file:///path, az://container/prefix, s3://bucket/prefix or https://account.blob.core.windows.net/container/prefix";
                string name = parsed.IdnHost.TrimEnd('.').ToLowerInvariant();
                host = $"{parsed.Scheme}://{(name == "localhost" ? "127.0.0.1" : name)}:{parsed.Port}";
                // As it was written: Uri takes '..' out of it.
                string rest = BlobUri.Cut(uri).Place[(parsed.Scheme.Length + 3)..];
                path = rest.IndexOf('/', StringComparison.Ordinal) is >= 0 and int slash ? Uri.UnescapeDataString(rest[slash..]) : "";
            }
        }
        catch (ArgumentException exception)
        {
            return "cannot be: " + exception.Message;
        }
        if (path.Contains('\\', StringComparison.Ordinal) || path.Any(char.IsControl)) return "has a backslash or a control character; expected neither";
        string[] parts = path.Trim('/').Split('/');
        if (parts.Contains("..") || parts.Contains(".")) return "has '.' or '..' as a part of its path; expected the path without them";
        if (host != Place.Folder && parts.Contains("")) return path.Trim('/').Length == 0 ? "names no container" : "has an empty part in its path";
        place = new Place(host, Split(path));
        return null;
    }

    private static string[] Split(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    private sealed record Place(string Host, string[] Parts)
    {
        public const string Folder = "file";

        public string Path => "/" + string.Join('/', Parts);
    }
}
