using MaskRcnn.Storage.Azure;
using MaskRcnn.Storage.Local;
using MaskRcnn.Storage.S3;

namespace MaskRcnn.Storage;

/// <summary>Opens stores by their URIs.</summary>
public static class BlobStores
{
    /// <summary>
    /// Opens the store below a root: a plain path or <c>file:///…</c> (a folder), <c>az://container/prefix</c> (the account from
    /// the environment), <c>s3://bucket/prefix</c> (service and keys from the environment; for reading), or <c>https://account.blob.core.windows.net/container/prefix</c> (with a SAS, else default credentials).
    /// Nothing is created or asked until it is used.
    /// </summary>
    /// <param name="uri">The root.</param>
    /// <exception cref="ArgumentException">The URI is none of these.</exception>
    public static IBlobStore Open(string uri)
    {
        ArgumentException.ThrowIfNullOrEmpty(uri);
        if (BlobUri.LocalPath(uri) is { } path) return new LocalBlobStore(path);
        return BlobUri.Scheme(uri) switch
        {
            "az" => AzureLocation.OpenShort(uri, Environment.GetEnvironmentVariable),
            "s3" => S3Location.Open(uri, Environment.GetEnvironmentVariable),
            "http" or "https" => AzureLocation.OpenUrl(uri),
            _ => throw Unknown(uri),
        };
    }

    /// <summary>Splits the URI of one blob, such as a model file's, into its store and its name.</summary>
    /// <param name="uri">A plain path or URI of a blob.</param>
    /// <exception cref="ArgumentException">The URI is none of those that <see cref="Open"/> takes, or has no name.</exception>
    public static (IBlobStore Store, string Name) OpenBlob(string uri) => OpenBlob(uri, Open);

    /// <inheritdoc cref="OpenBlob(string)"/>
    /// <param name="uri">A plain path or URI of a blob.</param>
    /// <param name="open">Opens the store by its root, in place of <see cref="Open"/>.</param>
    public static (IBlobStore Store, string Name) OpenBlob(string uri, Func<string, IBlobStore> open)
    {
        ArgumentException.ThrowIfNullOrEmpty(uri);
        ArgumentNullException.ThrowIfNull(open);
        if (BlobUri.LocalPath(uri) is { } local)
        {
            string path = Path.GetFullPath(local), name = Path.GetFileName(path);
            if (name.Length == 0) throw new ArgumentException($"'{uri}' is a folder; the path of a file is expected.", nameof(uri));
            return (open(Path.GetDirectoryName(path)!), name);
        }
        (string place, string query) = BlobUri.Cut(uri);
        int cut = place.LastIndexOf('/');
        string blob = place[(cut + 1)..];
        if (blob.Length == 0 || cut <= place.IndexOf("://", StringComparison.Ordinal) + 2)
            throw new ArgumentException($"'{BlobUri.WithoutSecrets(uri)}' names no blob; the URI of a file is expected.", nameof(uri));
        return (open(place[..cut] + query), BlobUri.IsShort(uri) ? blob : Uri.UnescapeDataString(blob));
    }

    private static ArgumentException Unknown(string uri) => new(
        $"'{BlobUri.WithoutSecrets(uri)}' is no place for blobs; a path, file:///path, az://container/prefix, s3://bucket/prefix or https://account.blob.core.windows.net/container/prefix is expected.",
        nameof(uri));
}
