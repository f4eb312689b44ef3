using System.Collections.Concurrent;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains;

/// <summary>Opens blob stores by URI, each once.</summary>
/// <param name="open">Opens one; <see cref="BlobStores.Open"/> outside tests.</param>
public sealed class Stores(Func<string, IBlobStore> open)
{
    private readonly ConcurrentDictionary<string, IBlobStore> _opened = new(StringComparer.Ordinal);

    /// <summary>The store of a root.</summary>
    /// <exception cref="ArgumentException">The URI is none that can be opened.</exception>
    public IBlobStore Open(string uri) => _opened.GetOrAdd(uri, open);

    /// <summary>The store and the name of one blob.</summary>
    /// <exception cref="ArgumentException">The URI is none that can be opened, or names no blob.</exception>
    public (IBlobStore Store, string Name) OpenBlob(string uri)
    {
        ArgumentException.ThrowIfNullOrEmpty(uri);
        // A SAS belongs to the root; a plain path may hold any character.
        int end = uri.Contains("://", StringComparison.Ordinal) ? uri.IndexOf('?') : -1;
        if (end < 0) end = uri.Length;
        int slash = uri.LastIndexOf('/', end - 1);
        if (slash <= 0 || slash == end - 1)
            throw new ArgumentException($"'{uri}' names no blob; expected the path or URI of a file.", nameof(uri));
        return (Open(uri[..slash] + uri[end..]), uri[(slash + 1)..end]);
    }
}
