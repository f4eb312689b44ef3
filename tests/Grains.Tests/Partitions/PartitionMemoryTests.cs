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
        memory.Set(saved, Serializer);
        byte[] stored = Serializer.SerializeToArray(memory);
        PartitionState read = Serializer.Deserialize<PartitionMemory>(stored)!.Get(Serializer)!;
        Assert.Equal(saved.Shards.OrderBy(shard => shard.Range.Id, StringComparer.Ordinal), read.Shards.OrderBy(shard => shard.Range.Id, StringComparer.Ordinal));
        Assert.Equal(saved.Shards.Count(shard => shard.Lease is not null), memory.Table!.Shards.Count(shard => shard.Lease is not null));
        int plain = Serializer.SerializeToArray(new PartitionMemory { Table = saved }).Length;
        Assert.True(stored.Length < plain / 4, $"{stored.Length} bytes are stored of {plain}.");

        PartitionTable restored = PartitionTable.Restore(read, new LeaseOptions(), new Tokens(2).Next, Start);
        Assert.Equal(Table().Counts, restored.Counts);
        Assert.Equal(Table().ShardCounts, restored.ShardCounts);
    }

    [Fact]
    public void What_an_earlier_version_has_stored_is_all_of_it()
    {
        PartitionState saved = Table().Save();
        Assert.Equal(saved.Shards, new PartitionMemory { Table = saved }.Get(Serializer)!.Shards);
        Assert.Null(new PartitionMemory().Get(Serializer));
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
}
