using MaskRcnn.Storage.Azure;
using MaskRcnn.Storage.Local;

namespace MaskRcnn.Storage;

/// <summary>Opens stores by their URIs.</summary>
public static class BlobStores
{
    /// <summary>
    /// Opens the store below a root: a plain path or <c>file:///…</c> (a folder), <c>az://container/prefix</c> (the account from
    /// the environment), or <c>https://account.blob.core.windows.net/container/prefix</c> (with a SAS, else default credentials).
    /// Nothing is created or asked until it is used.
    /// </summary>
    /// <param name="uri">The root.</param>
    /// <exception cref="ArgumentException">The URI is none of these.</exception>
    public static IBlobStore Open(string uri)
    {
        ArgumentException.ThrowIfNullOrEmpty(uri);
        if (Scheme(uri) is not { } scheme) return new LocalBlobStore(uri);
        return scheme switch
        {
            "file" => new LocalBlobStore(FilePath(uri)),
            "az" => AzureLocation.OpenShort(uri, Environment.GetEnvironmentVariable),
            "http" or "https" => AzureLocation.OpenUrl(uri),
            _ => throw Unknown(uri),
        };
    }

    /// <summary>Splits the URI of one blob, such as a model file's, into its store and its name.</summary>
    /// <param name="uri">A plain path or URI of a blob.</param>
    /// <exception cref="ArgumentException">The URI is none of those that <see cref="Open"/> takes, or has no name.</exception>
    public static (IBlobStore Store, string Name) OpenBlob(string uri)
    {
        ArgumentException.ThrowIfNullOrEmpty(uri);
        string? scheme = Scheme(uri);
        if (scheme is null or "file")
        {
            string path = Path.GetFullPath(scheme is null ? uri : FilePath(uri));
            string name = Path.GetFileName(path);
            if (name.Length == 0) throw new ArgumentException($"'{uri}' is a folder; the path of a file is expected.", nameof(uri));
            return (new LocalBlobStore(Path.GetDirectoryName(path)!), name);
        }
        int query = scheme == "az" ? -1 : uri.IndexOf('?', StringComparison.Ordinal);
        string place = query < 0 ? uri : uri[..query];
        int cut = place.LastIndexOf('/');
        string blob = place[(cut + 1)..];
        if (blob.Length == 0 || cut <= place.IndexOf("://", StringComparison.Ordinal) + 2) throw new ArgumentException($"'{place}' names no blob.", nameof(uri));
        IBlobStore store = Open(string.Concat(place.AsSpan(0, cut), query < 0 ? "" : uri.AsSpan(query)));
        return (store, scheme == "az" ? blob : Uri.UnescapeDataString(blob));
    }

    private static string? Scheme(string uri)
    {
        int end = uri.IndexOf("://", StringComparison.Ordinal);
        return end <= 0 || uri.AsSpan(0, end).Contains('/') ? null : uri[..end].ToLowerInvariant();
    }

    private static string FilePath(string uri) => Uri.TryCreate(uri, UriKind.Absolute, out Uri? parsed) && parsed.Host.Length == 0 && parsed.LocalPath.StartsWith('/')
        ? parsed.LocalPath
        : throw new ArgumentException($"'{uri}' names another host; file:///path/of/folder is expected.", nameof(uri));

    private static ArgumentException Unknown(string uri) =>
        new($"'{uri}' is no place for blobs; a path, file:///path, az://container/prefix or https://account.blob.core.windows.net/container/prefix is expected.", nameof(uri));
}
