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
    public (IBlobStore Store, string Name) OpenBlob(string uri) => BlobStores.OpenBlob(uri, Open);
}
