using System.Collections.Concurrent;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains;

/// <summary>Opens blob stores by URI: those that may be reached, each once.</summary>
/// <param name="open">Opens one; <see cref="BlobStores.Open"/> outside tests.</param>
/// <param name="roots">What may be reached; null: everything.</param>
/// <param name="limits">How large what is read may be; null: the defaults.</param>
public sealed class Stores(Func<string, IBlobStore> open, StorageRoots? roots = null, Limits? limits = null)
{
    /// <summary>Stores hold nothing that cannot be opened again; but URIs come from outside, and there may be any number of them.</summary>
    private const int MostOpened = 4096;

    private readonly ConcurrentDictionary<string, IBlobStore> _opened = new(StringComparer.Ordinal);

    /// <summary>What may be reached.</summary>
    public StorageRoots Roots { get; } = roots ?? StorageRoots.Everything;

    /// <summary>How large what is read may be.</summary>
    public Limits Limits { get; } = limits ?? new Limits();

    /// <summary>The store of a root.</summary>
    /// <exception cref="ArgumentException">The URI is none that can be opened, or may not be reached.</exception>
    public IBlobStore Open(string uri)
    {
        if (_opened.TryGetValue(uri, out IBlobStore? store)) return store;
        if (_opened.Count >= MostOpened) _opened.Clear();
        return _opened.GetOrAdd(uri, Roots.Open(uri, open));
    }

    /// <summary>The store and the name of one blob.</summary>
    /// <exception cref="ArgumentException">The URI is none that can be opened, may not be reached, or names no blob.</exception>
    public (IBlobStore Store, string Name) OpenBlob(string uri) => BlobStores.OpenBlob(uri, Open);
}
