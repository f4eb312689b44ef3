using System.IO.Compression;
using System.Runtime.CompilerServices;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Partitions;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace MaskRcnn.Grains.Tests.Partitions;

/// <summary>What is stored of a partition is all of it, and small.</summary>
public sealed class PartitionMemoryTests : IDisposable
{
    private const int Shards = 1024;

    private static readonly DateTimeOffset Start = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    private Serializer Serializer => _services.GetRequiredService<Serializer>();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void A_table_that_is_stored_comes_back_as_it_was_in_a_quarter_of_the_bytes()
    {
        PartitionState saved = Table().Save();
        var memory = new PartitionMemory();
        memory.Set(saved);
        byte[] stored = Serializer.SerializeToArray(memory);
        PartitionState read = Serializer.Deserialize<PartitionMemory>(stored)!.Get()!;
        Assert.Equal(saved.Shards.OrderBy(shard => shard.Range.Id, StringComparer.Ordinal), read.Shards.OrderBy(shard => shard.Range.Id, StringComparer.Ordinal));
        Assert.Equal(saved.Shards.Count(shard => shard.Lease is not null), memory.Table!.Shards.Count(shard => shard.Lease is not null));
        int plain = Serializer.SerializeToArray(saved).Length;
        Assert.True(stored.Length < plain / 4, $"{stored.Length} bytes are stored of {plain}.");

        PartitionTable restored = PartitionTable.Restore(read, new LeaseOptions(), new Tokens(2).Next, Start);
        Assert.Equal(Table().Counts, restored.Counts);
        Assert.Equal(Table().ShardCounts, restored.ShardCounts);
    }

    [Theory]
    [InlineData("maskrcnn.partition-memory.bin")]
    [InlineData("maskrcnn.partition-memory@2.bin")]
    public void Of_what_an_earlier_version_has_stored_nothing_is_taken(string file)
    {
        Assert.Null(((PartitionMemory)Serializer.Deserialize<object>(File.ReadAllBytes(Wire(file)))!).Get());
        Assert.Null(new PartitionMemory().Get());
    }

    [Fact]
    public void What_is_told_of_a_shard_that_had_trouble_before_it_was_committed_is_kept()
    {
        ShardSnapshot shard = new() { Range = new ShardRange("00000003.1.0", 7, 5_000_000_000, 300), Status = ShardStatus.Committed, Epoch = 5, Suspicions = 3, AloneDeaths = 2, Done = 299, Failed = 1 };
        var memory = new PartitionMemory();
        memory.Set(Table().Save() with { Shards = [shard] });
        Assert.Empty(memory.Table!.Shards);
        Assert.Equal(shard, Assert.Single(memory.Get()!.Shards));
    }

    [Fact]
    public void A_shard_that_has_only_been_suspected_is_told_in_full()
    {
        ShardSnapshot shard = new() { Range = new ShardRange("00000003", 7, 0, 1), Status = ShardStatus.Waiting, Suspicions = 1 };
        var memory = new PartitionMemory();
        memory.Set(Table().Save() with { Shards = [shard] });
        Assert.Equal(shard, Assert.Single(memory.Table!.Shards));
        Assert.Equal(shard, Assert.Single(memory.Get()!.Shards));
    }

    [Fact]
    public void Of_shards_that_a_later_version_has_packed_nothing_is_taken()
    {
        // The children of a shard that is split would be lost with them.
        var memory = new PartitionMemory();
        memory.Set(Table().Save());
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true)) deflate.Write([2, 9, 9, 9]);
        memory.Quiet = packed.ToArray();
        Assert.Null(memory.Get());
    }

    /// <summary>Half of it is done, a few shards are leased, one was given back, one is split.</summary>
    private static PartitionTable Table()
    {
        var table = new PartitionTable("job", "/out/job", 0, new LeaseOptions(), new Tokens(1).Next);
        table.Add(Enumerable.Range(0, Shards).Select(i => new ShardRange(JobLayout.ShardId(i), i / 25, 40 * i, 40)));
        for (int i = 0; i < Shards / 2; i++)
        {
            Lease lease = table.TryLease("silo1/cpu", Start)!;
            table.Apply(new CommitRecord { Shard = lease.Shard.Id, Segment = lease.Shard.Segment, First = lease.Shard.First, Count = 40, Attempt = lease.Attempt, Done = 40 - i % 2, Failed = i % 2 });
        }
        for (int i = 0; i < 5; i++) table.TryLease("silo2/cpu", Start);
        Lease back = table.TryLease("silo3/cpu", Start)!, split = table.TryLease("silo3/cpu", Start)!;
        table.Release(back.Shard.Id, back.Epoch, back.Token, Start);
        table.Apply(CommitRules.Split(split.Shard, split.Attempt));
        table.Apply(new CommitRecord { Shard = split.Shard.Id + ".0", Segment = split.Shard.Segment, First = split.Shard.First, Count = 20, Attempt = "a", Done = 20 });
        return table;
    }

    private static string Wire(string file, [CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "../../data/wire", file);
}
