using MaskRcnn.Grains.Documents;

namespace MaskRcnn.Grains.Partitions;

/// <summary>
/// A commit record that the partition has to put itself, if absent. Until what is then in the store is given to
/// <see cref="PartitionTable.Apply"/>, the shard is not leased.
/// </summary>
/// <param name="Kind">What becomes of the shard.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Split">The record to put for <see cref="DecisionKind.Split"/> and <see cref="DecisionKind.Divide"/>; null for <see cref="DecisionKind.GiveUp"/>, see <see cref="PartitionTable.GiveUpRecord"/>.</param>
public sealed record Decision(DecisionKind Kind, ShardRange Shard, CommitRecord? Split)
{
    /// <summary>Ordinal of the image to give up; of a split, of its first image.</summary>
    public long Ordinal => Shard.First;
}

/// <summary>What a partition decides on a shard.</summary>
public enum DecisionKind
{
    /// <summary>It is halved, as its workers do not survive it.</summary>
    Split,

    /// <summary>Its only image is recorded as poisonous.</summary>
    GiveUp,

    /// <summary>It is given to several workers, as fewer shards wait than there are of them.</summary>
    Divide,
}
