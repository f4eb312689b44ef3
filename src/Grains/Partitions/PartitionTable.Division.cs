namespace MaskRcnn.Grains.Partitions;

/// <summary>
/// Shards are divided when fewer wait than there are workers: the last ones, and those that must be done again at the end. Else a job waits for one worker with a whole
/// shard while all others have nothing to do.
/// </summary>
public sealed partial class PartitionTable
{
    /// <summary>With fewer images a piece is more fetching and committing than work.</summary>
    private const int FewestImages = 4;

    /// <summary>A piece has at least this part of a planned shard's images: shards are planned by how long they take.</summary>
    private const int MostPieces = 8;

    private int _largest;

    /// <summary>Decides to divide the next shard that waits. Its children wait when the record that is put is told to <see cref="Apply"/>.</summary>
    /// <param name="pieces">Into how many pieces, at most.</param>
    /// <returns>What has to be put; it is among <see cref="PendingDecisions"/>, too. Null: the next shard is to be leased as it is, or the store has to be asked for it first.</returns>
    public Decision? TryDivide(int pieces)
    {
        if (_waiting.Count == 0 || _shards[_waiting.Min.Id] is not { AskStore: false } next || Pieces(next, pieces) is not (> 1 and int count)) return null;
        Leave(next);
        next.Pieces = count;
        Hold(next, _newToken().ToString("N"));
        return Pending(next);
    }

    /// <summary>Into how many pieces a shard would be divided; 1: it stays whole, as those do that their workers may not survive.</summary>
    private int Pieces(ShardEntry shard, int wanted) => shard.IsLast ? 1 : Math.Min(wanted, shard.Range.Count / Math.Max(FewestImages, _largest / MostPieces));
}
