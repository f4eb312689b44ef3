namespace MaskRcnn.Grains.Partitions;

/// <summary>
/// What must be done again is divided among workers that have nothing to do: else a job whose worker dies at its end waits until another one has done the whole shard.
/// </summary>
public sealed partial class PartitionTable
{
    /// <summary>With fewer images a piece is more fetching and committing than work.</summary>
    private const int FewestImages = 4;

    private const int MostPieces = 8;

    /// <summary>
    /// Decides to divide the next shard that waits, if it was leased before, and more workers have nothing to do than shards wait. Its children wait when the record that is put is told to
    /// <see cref="Apply"/>.
    /// </summary>
    /// <param name="idle">How many workers have nothing to do.</param>
    /// <returns>What has to be put; it is among <see cref="PendingDecisions"/>, too. Null: the next shard is to be leased as it is, or the store has to be asked for it first.</returns>
    public Decision? TryDivide(int idle)
    {
        if (_waiting.Count == 0 || _shards[_waiting.Min.Id] is not { AskStore: false, Epoch: > 0 } next || Pieces(next, idle / _waiting.Count) is not (> 1 and int pieces)) return null;
        Leave(next);
        next.Pieces = pieces;
        Hold(next, _newToken().ToString("N"));
        return Pending(next);
    }

    /// <summary>Into how many pieces a shard would be divided; 1: it stays whole, as those do that their workers may not survive.</summary>
    private static int Pieces(ShardEntry shard, int idle) => shard.IsLast ? 1 : Math.Min(Math.Min(idle, MostPieces), shard.Range.Count / FewestImages);
}
