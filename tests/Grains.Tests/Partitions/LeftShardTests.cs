using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Partitions;

namespace MaskRcnn.Grains.Tests.Partitions;

/// <summary>What a partition makes of a shard that a worker has left in its middle.</summary>
public sealed class LeftShardTests
{
    private const string Worker = "silo1/cpu";
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 15, 0, 0, TimeSpan.Zero);

    private readonly Tokens _tokens = new(1);
    private readonly PartitionTable _table;

    public LeftShardTests()
    {
        _table = new PartitionTable("job", "/out/job", 0, new LeaseOptions(), _tokens.Next);
        _table.Add([new ShardRange("00000000", 0, 0, 4), new ShardRange("00000001", 0, 4, 4)]);
    }

    [Fact]
    public void The_rest_is_leased_next_and_is_no_suspect()
    {
        Leave(_table, finished: 3);
        Assert.Equal(new ImageCounts(8, 3, 0), _table.Counts);
        // A single image, which would be leased alone if it were suspected.
        Assert.Equal(("00000000.1", false), Next(_table));
        Assert.Empty(_table.FailedAttempts);
    }

    [Fact]
    public void Whether_the_rest_is_a_suspect_is_known_after_a_restart()
    {
        Leave(_table, finished: 3);
        Assert.Equal(("00000000.1", false), Next(PartitionTable.Restore(_table.Save(), new LeaseOptions(), _tokens.Next, Start)));
    }

    [Fact]
    public void The_rest_of_a_suspect_is_as_suspect_as_the_whole_was()
    {
        Die();
        _table.ConfirmUncommitted("00000000");
        Leave(_table, finished: 2);
        _table.ConfirmUncommitted("00000000.1");
        Die();
        // The second death is enough.
        Assert.Equal(("00000000.1", DecisionKind.Split), (_table.PendingDecisions[0].Shard.Id, _table.PendingDecisions[0].Kind));
    }

    private void Die()
    {
        Lease lease = _table.TryLease(Worker, Start)!;
        _table.Begin(lease.Shard.Id, lease.Epoch, lease.Token, Start);
        _table.WorkerDied("silo1", Start);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Halves_of_a_shard_that_workers_did_not_survive_are_suspects_also_when_only_its_record_is_left(bool isRestored)
    {
        var halves = new CommitRecord { Shard = "00000000", Segment = 0, First = 0, Count = 4, Attempt = "p", Children = [1, 3] };
        _table.Apply(halves);
        PartitionTable table = isRestored ? PartitionTable.Restore(_table.Save(), new LeaseOptions(), _tokens.Next, Start) : _table;
        Assert.Equal([("00000001", false), ("00000000.0", true), ("00000000.1", false)], [Next(table), Next(table, "silo2/cpu"), Next(table, "silo3/cpu")]);
    }

    [Fact]
    public void The_finished_images_count_whichever_record_comes_first()
    {
        Lease lease = _table.TryLease(Worker, Start)!;
        (CommitRecord split, CommitRecord prefix) = Records(lease, 2);
        _table.Apply(prefix);
        Assert.Equal(0, _table.Counts.Done);
        _table.Apply(split);
        Assert.Equal(2, _table.Counts.Done);
        // And when it is told again.
        _table.Apply(prefix);
        _table.Apply(split);
        Assert.Equal(new ImageCounts(8, 2, 0), _table.Counts);
        Assert.False(_table.Renew(lease.Shard.Id, lease.Epoch, lease.Token, 3, Start));
    }

    private static (string, bool Alone) Next(PartitionTable table, string worker = Worker)
    {
        while (table.NextCandidate(out bool askStore) is { } next && askStore) table.ConfirmUncommitted(next.Id);
        Lease lease = table.TryLease(worker, Start)!;
        return (lease.Shard.Id, lease.Alone);
    }

    private static void Leave(PartitionTable table, int finished)
    {
        (CommitRecord split, CommitRecord prefix) = Records(table.TryLease("silo9/cpu", Start)!, finished);
        table.Apply(split);
        table.Apply(prefix);
    }

    private static (CommitRecord, CommitRecord) Records(Lease lease, int finished)
    {
        ShardRange shard = lease.Shard;
        var run = new RunDetails("silo9/cpu", Start, Start);
        return (CommitRules.Leave(shard, lease.Attempt, finished, run), new CommitRecord
        {
            Shard = shard.Id + ".0", Segment = shard.Segment, First = shard.First, Count = finished, Attempt = lease.Attempt, PartsOf = shard.Id, Done = finished, Run = run,
        });
    }
}
