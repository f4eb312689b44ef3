using MaskRcnn.Grains.Documents;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Results.Reduction;

/// <summary>Deletes parts: those that no record names, and at the end all.</summary>
internal sealed class PartCleaner(IBlobStore store, OrderedWork work, CancellationToken cancellation)
{
    private const int PageSize = 1000;
    private const int DeletesAhead = 64;

    /// <summary>Deletes what dead and late attempts have left.</summary>
    public void DeleteOrphans(IReadOnlyList<Leaf> leaves)
    {
        // A shard's folder has the parts of one leaf: its own or, if it was split, its first child's.
        Dictionary<string, Leaf> byFolder = leaves.ToDictionary(leaf => leaf.Folder, StringComparer.Ordinal);
        Delete(name => !(byFolder.TryGetValue(Shard(name), out Leaf? leaf) && leaf.Names(name)));
    }

    /// <summary>Deletes all parts.</summary>
    public void DeleteAll() => Delete(_ => true);

    private void Delete(Func<string, bool> isToGo)
    {
        IEnumerable<string> names = store.ListAsync(JobLayout.Parts, null, PageSize, cancellation).ToBlockingEnumerable(cancellation)
            .SelectMany(page => page.Blobs).Select(blob => blob.Name).Where(isToGo);
        IEnumerable<bool> deleted = work.Select(names, (name, token) =>
        {
            store.DeleteAsync(name, null, token).GetAwaiter().GetResult();
            return true;
        }, DeletesAhead, cancellation);
        foreach (bool _ in deleted) cancellation.ThrowIfCancellationRequested();
    }

    private static string Shard(string name)
    {
        string rest = name[JobLayout.Parts.Length..];
        int end = rest.IndexOf('/', StringComparison.Ordinal);
        return end < 0 ? rest : rest[..end];
    }
}
