namespace MaskRcnn.Grains.Partitions;

/// <summary>
/// What a partition's grain keeps: a cache. Numbers 0 and 1 were earlier forms of it; who knows only one of the forms finds nothing in another's, and everything in the store.
/// </summary>
[GenerateSerializer, Alias("maskrcnn.partition-memory")]
public sealed class PartitionMemory
{
    /// <summary>Its table, without the shards that are in <see cref="Quiet"/>; null before the first time.</summary>
    [Id(2)] public PartitionState? Table { get; set; }

    /// <summary>The shards with which nothing goes on, which are nearly all, as <see cref="QuietShards"/> has them.</summary>
    [Id(3)] public byte[]? Quiet { get; set; }

    /// <summary>Takes a table to be stored.</summary>
    /// <param name="table">The table.</param>
    public void Set(PartitionState table)
    {
        ArgumentNullException.ThrowIfNull(table);
        Table = table with { Shards = [.. table.Shards.Where(shard => !QuietShards.IsQuiet(shard))] };
        Quiet = QuietShards.Pack(table.Shards.Where(QuietShards.IsQuiet));
    }

    /// <summary>The table as it was stored, or null if there is none of this form. Never a part of it: the children of a shard that is split would be missed by nobody.</summary>
    // After the others come the quiet ones: parents come before their children.
    public PartitionState? Get() =>
        Table is not null && Quiet is not null && QuietShards.Unpack(Quiet) is { } quiet ? Table with { Shards = [.. Table.Shards, .. quiet] } : null;
}
