using MaskRcnn.Grains.Documents;

namespace MaskRcnn.Grains.Generations;

/// <summary>
/// The commit records of a generation that has ended, for the next one. A shard of which an image failed is done again; what a late
/// worker committed after the end is not in that generation's result, and not in this.
/// </summary>
/// <param name="records">The records that count in that generation.</param>
/// <param name="leaves">The shards that are in its result; null: all, as its work was done.</param>
internal sealed class EarlierCommits(CommitRecords records, IReadOnlyCollection<string>? leaves)
{
    private readonly HashSet<string>? _leaves = leaves?.ToHashSet(StringComparer.Ordinal);

    /// <summary>The record of a shard if it counts in the next generation, too: it is a split, or every image has a result.</summary>
    public async Task<CommitRecord?> FindAsync(string shard, CancellationToken cancellation) =>
        await records.FindAsync(shard, cancellation) is { } record && IsInResult(record) && (record.Children is not null || record.Failed == 0) ? record : null;

    /// <summary>
    /// The record that has the results of a shard, some of which may be errors: its own or that of the shard it was cut from, of the newest generation that came to it.
    /// Null: there is none.
    /// </summary>
    public async Task<CommitRecord?> FindLeafAsync(string shard, CancellationToken cancellation)
    {
        for (string? at = shard; at is not null; at = at.LastIndexOf('.') is var dot and > 0 ? at[..dot] : null)
        {
            if (await records.FindAsync(at, cancellation) is { Children: null } record && IsInResult(record)) return record;
        }
        return records.Earlier is { } earlier ? await earlier.FindLeafAsync(shard, cancellation) : null;
    }

    /// <inheritdoc cref="CommitRecords.ListAsync"/>
    public IAsyncEnumerable<string> ListAsync(string? first, string? last, CancellationToken cancellation) => records.ListAsync(first, last, cancellation);

    private bool IsInResult(CommitRecord record) =>
        _leaves is null || (record.Children is null ? _leaves.Contains(record.Shard) : _leaves.Any(leaf => leaf.StartsWith(record.Shard + ".", StringComparison.Ordinal)));
}
