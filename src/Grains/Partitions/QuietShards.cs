using System.IO.Compression;

namespace MaskRcnn.Grains.Partitions;

/// <summary>
/// Shards with which nothing goes on, in about six bytes each: those that nobody has had yet, and those that are committed. A large job has hundreds of thousands, and they are stored
/// again whenever something has happened in their partition, so that this must cost little. Orleans' serializer keeps a table of all objects: it took three times as long, and ten times the memory.
/// </summary>
internal static class QuietShards
{
    private const byte Version = 1;
    private const int BufferBytes = 16 * 1024;

    /// <summary>Whether a shard is one that can be packed.</summary>
    public static bool IsQuiet(ShardSnapshot shard) => shard.Lease is null && shard.Decision is null && shard switch
    {
        { Status: ShardStatus.Committed } => true,
        { Status: ShardStatus.Waiting, Epoch: 0, Suspicions: 0, AloneDeaths: 0 } => true,
        _ => false,
    };

    /// <summary>The shards' bytes.</summary>
    public static byte[] Pack(IEnumerable<ShardSnapshot> shards)
    {
        using var packed = new MemoryStream();
        using (var writer = new BinaryWriter(new BufferedStream(new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true), BufferBytes)))
        {
            writer.Write(Version);
            foreach (ShardSnapshot shard in shards)
            {
                writer.Write(shard.Range.Id);
                writer.Write7BitEncodedInt(shard.Range.Segment);
                writer.Write7BitEncodedInt64(shard.Range.First);
                writer.Write7BitEncodedInt(shard.Range.Count);
                writer.Write(shard.Status == ShardStatus.Committed);
                if (shard.Status != ShardStatus.Committed) continue;
                writer.Write7BitEncodedInt(shard.Epoch);
                writer.Write7BitEncodedInt(shard.Suspicions);
                writer.Write7BitEncodedInt(shard.AloneDeaths);
                writer.Write7BitEncodedInt(shard.Done);
                writer.Write7BitEncodedInt(shard.Failed);
            }
            // No shard has an empty name.
            writer.Write("");
        }
        return packed.ToArray();
    }

    /// <summary>The shards of which these are the bytes, or null if another version has written them.</summary>
    /// <exception cref="IOException">The bytes end too soon.</exception>
    /// <exception cref="InvalidDataException">They are damaged.</exception>
    public static IReadOnlyList<ShardSnapshot>? Unpack(byte[] packed)
    {
        List<ShardSnapshot> shards = [];
        using var reader = new BinaryReader(new DeflateStream(new MemoryStream(packed), CompressionMode.Decompress));
        if (reader.ReadByte() != Version) return null;
        while (reader.ReadString() is { Length: > 0 } id)
        {
            var range = new ShardRange(id, reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt());
            shards.Add(!reader.ReadBoolean() ? new ShardSnapshot { Range = range, Status = ShardStatus.Waiting } : new ShardSnapshot
            {
                Range = range,
                Status = ShardStatus.Committed,
                Epoch = reader.Read7BitEncodedInt(),
                Suspicions = reader.Read7BitEncodedInt(),
                AloneDeaths = reader.Read7BitEncodedInt(),
                Done = reader.Read7BitEncodedInt(),
                Failed = reader.Read7BitEncodedInt(),
            });
        }
        return shards;
    }
}
