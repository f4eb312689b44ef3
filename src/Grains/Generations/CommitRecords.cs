using System.Runtime.CompilerServices;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Generations;

/// <summary>The commit records that count in a generation: its own, and those of the one before that have a result of every image.</summary>
/// <param name="store">The generation's view of the job's folder.</param>
/// <param name="earlier">What counts of the generation before; null: it is the first.</param>
internal sealed class CommitRecords(IBlobStore store, EarlierCommits? earlier = null)
{
    private const int PageSize = 1000;

    /// <summary>What counts of the generation before; null: there is none.</summary>
    public EarlierCommits? Earlier => earlier;

    /// <summary>The record of a shard, or null.</summary>
    /// <exception cref="DocumentException">It is damaged.</exception>
    public async Task<CommitRecord?> FindAsync(string shard, CancellationToken cancellation) =>
        await store.FindDocumentAsync<CommitRecord>(JobLayout.Commit(shard), cancellation) ?? (earlier is null ? null : await earlier.FindAsync(shard, cancellation));

    /// <summary>Shards that may have a record: planned ones and their descendants.</summary>
    /// <param name="first">The first planned shard's id; null: all.</param>
    /// <param name="last">The last one's; null: all.</param>
    /// <param name="cancellation">Stops the listing.</param>
    public async IAsyncEnumerable<string> ListAsync(string? first, string? last, [EnumeratorCancellation] CancellationToken cancellation)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        await foreach (string shard in ListOwnAsync(first, last, cancellation))
        {
            if (earlier is not null) seen.Add(shard);
            yield return shard;
        }
        if (earlier is null) yield break;
        await foreach (string shard in earlier.ListAsync(first, last, cancellation))
        {
            if (seen.Add(shard)) yield return shard;
        }
    }

    private async IAsyncEnumerable<string> ListOwnAsync(string? first, string? last, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ListPosition? after = first is null ? null : new ListPosition(JobLayout.Commits + first);
        await foreach (BlobPage page in store.ListAsync(JobLayout.Commits, after, PageSize, cancellation))
        {
            foreach (BlobInfo blob in page.Blobs)
            {
                string shard = Path.GetFileNameWithoutExtension(blob.Name);
                if (last is not null && string.CompareOrdinal(shard, 0, last, 0, last.Length) > 0) yield break;
                yield return shard;
            }
        }
    }
}
