using System.IO.Compression;
using Orleans.Serialization;

namespace MaskRcnn.Grains.Partitions;

/// <summary>What a partition's grain keeps: a cache.</summary>
[GenerateSerializer, Alias("maskrcnn.partition-memory")]
public sealed class PartitionMemory
{
    /// <summary>Its table, without the shards that are in <see cref="Quiet"/>; null before the first time.</summary>
    [Id(0)] public PartitionState? Table { get; set; }

    /// <summary>
    /// The shards with which nothing goes on, which are nearly all: those that nobody has had yet, and those that are committed. Compressed, as a large job has hundreds of
    /// thousands. Null: an earlier version has written it. One that does not know of it finds them in the store.
    /// </summary>
    [Id(1)] public byte[]? Quiet { get; set; }

    /// <summary>Takes a table to be stored.</summary>
    /// <param name="table">The table.</param>
    /// <param name="serializer">Orleans' own.</param>
    public void Set(PartitionState table, Serializer serializer)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(serializer);
        Table = table with { Shards = [.. table.Shards.Where(shard => !IsQuiet(shard))] };
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            deflate.Write(serializer.SerializeToArray<List<ShardSnapshot>>([.. table.Shards.Where(IsQuiet)]));
        Quiet = packed.ToArray();
    }

    /// <summary>The table as it was stored, or null.</summary>
    /// <param name="serializer">Orleans' own.</param>
    public PartitionState? Get(Serializer serializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        if (Table is null || Quiet is null) return Table;
        using var bytes = new MemoryStream();
        using (var deflate = new DeflateStream(new MemoryStream(Quiet), CompressionMode.Decompress)) deflate.CopyTo(bytes);
        // After the others: parents come before their children.
        return Table with { Shards = [.. Table.Shards, .. serializer.Deserialize<List<ShardSnapshot>>(bytes.ToArray())!] };
    }

    private static bool IsQuiet(ShardSnapshot shard) => shard.Status == ShardStatus.Committed || shard is { Status: ShardStatus.Waiting, Epoch: 0, Suspicions: 0 };
}
