using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Partitions;

namespace MaskRcnn.Grains.Tests.Partitions;

/// <summary>Shards that are divided, as fewer wait than there are workers. They have 40 images, which take half a second each.</summary>
public sealed class DivisionTests
{
    private const string Worker = "silo1/cuda:0", Other = "silo2/cuda:0";
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);
    private static readonly LeaseOptions Options = new();

    private readonly PartitionTable _table = NewTable(40);
    private DateTimeOffset _now = Start;

    [Theory]
    [InlineData(2, 40, new[] { 20, 20 })]
    [InlineData(3, 40, new[] { 14, 13, 13 })]
    [InlineData(1000, 40, new[] { 5, 5, 5, 5, 5, 5, 5, 5 })]
    [InlineData(1000, 13, new[] { 5, 4, 4 })]
    public void A_shard_whose_worker_is_lost_is_divided_into_equal_pieces_of_four_images_at_least(int wanted, int images, int[] pieces)
    {
        PartitionTable table = NewTable(images);
        Lose(table);
        Decision division = table.TryDivide(wanted)!;
        Assert.Equal((DecisionKind.Divide, true), (division.Kind, division.Split!.IsDivision));
        Assert.Equal(pieces, division.Split.Children!);
        Assert.Null(table.TryLease(Other, _now));
        table.Apply(division.Split);
        long first = 0;
        foreach (int piece in pieces)
        {
            Lease lease = Next(table)!;
            Assert.Equal((first, piece, false), (lease.Shard.First, lease.Shard.Count, lease.Alone));
            table.Apply(Committed(lease.Shard, lease.Attempt));
            first += piece;
        }
        Assert.True(table.IsComplete);
        Assert.Equal(new ImageCounts(images, images, 0), table.Counts);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void When_more_shards_wait_than_there_are_workers_it_stays_whole(int pieces)
    {
        Lose(_table);
        Assert.Null(_table.TryDivide(pieces));
        Assert.Equal(40, Next(_table)!.Shard.Count);
    }

    [Fact]
    public void Pieces_of_a_shard_that_nobody_had_are_leased_before_the_shards_behind_it_and_the_store_is_not_asked()
    {
        _table.Add([Shard(1, 40, 40)]);
        _table.Apply(_table.TryDivide(2)!.Split!);
        Assert.Equal([(0, 20), (20, 20), (40, 40)], Enumerable.Range(0, 3).Select(_ => _table.TryLease(Other, _now)!.Shard).Select(shard => (shard.First, shard.Count)));
    }

    [Fact]
    public void Pieces_that_another_activation_has_made_may_be_committed_so_that_the_store_is_asked()
    {
        CommitRecord record = NewTable(40).TryDivide(2)!.Split! with { Attempt = "another" };
        _table.TryDivide(4);
        _table.Apply(record);
        Assert.Equal("00000000.0", _table.NextCandidate(out bool askStore)!.Id);
        Assert.True(askStore);
    }

    [Fact]
    public void A_piece_is_divided_again_when_still_fewer_wait()
    {
        _table.Apply(_table.TryDivide(2)!.Split!);
        _table.Apply(_table.TryDivide(4)!.Split!);
        Assert.Equal([5, 5, 5, 5, 20], Enumerable.Range(0, 5).Select(_ => _table.TryLease(Other, _now)!.Shard.Count));
    }

    [Fact]
    public void A_shard_of_few_images_stays_whole()
    {
        PartitionTable table = NewTable(7);
        Lose(table);
        Assert.Null(table.TryDivide(8));
    }

    [Fact]
    public void Before_the_store_was_asked_whether_its_worker_has_committed_it_it_is_not_divided()
    {
        Lease lease = _table.TryLease(Worker, _now)!;
        _table.Release(lease.Shard.Id, lease.Epoch, lease.Token, _now);
        Assert.Null(_table.TryDivide(8));
        _table.ConfirmUncommitted(lease.Shard.Id);
        Assert.NotNull(_table.TryDivide(8));
    }

    [Fact]
    public void Pieces_are_as_suspect_as_the_shard_was()
    {
        Lose(_table);
        _table.Apply(_table.TryDivide(2)!.Split!);
        Assert.Equal(1, Assert.Single(_table.Save().Shards, shard => shard.Range.Id == "00000000.1").Suspicions);
        // The second death of a worker at it is enough to halve it.
        Lose(_table);
        Assert.Equal(DecisionKind.Split, Assert.Single(_table.PendingDecisions).Kind);
    }

    [Fact]
    public void A_shard_that_two_workers_did_not_survive_is_halved_and_its_halves_stay_whole()
    {
        Lose(_table);
        Lose(_table);
        Decision split = Assert.Single(_table.PendingDecisions);
        Assert.Equal((DecisionKind.Split, null), (split.Kind, split.Split!.IsDivision));
        _table.Apply(split.Split);
        Lease half = Next(_table)!;
        _table.Release(half.Shard.Id, half.Epoch, half.Token, _now);
        foreach (string child in (string[])["00000000.0", "00000000.1"]) _table.ConfirmUncommitted(child);
        Assert.Null(_table.TryDivide(8));
    }

    [Fact]
    public void After_a_restart_in_the_middle_it_is_leased_whole_unless_the_store_has_the_record()
    {
        Lose(_table);
        CommitRecord record = _table.TryDivide(4)!.Split!;
        PartitionTable without = PartitionTable.Restore(_table.Save(), Options, new Tokens(2).Next, _now), with = PartitionTable.Restore(_table.Save(), Options, new Tokens(3).Next, _now);
        Assert.Empty(without.PendingDecisions);
        Assert.Equal("00000000", without.NextCandidate(out bool askStore)!.Id);
        Assert.True(askStore);
        with.Apply(record);
        Assert.Equal(10, Next(with)!.Shard.Count);
    }

    [Fact]
    public void When_its_worker_has_committed_it_after_all_that_record_counts()
    {
        Lease lost = Lose(_table);
        Assert.NotNull(_table.TryDivide(4));
        _table.Apply(Committed(lost.Shard, lost.Attempt));
        Assert.True(_table.IsComplete);
        Assert.Empty(_table.PendingDecisions);
    }

    [Fact]
    public void A_shard_whose_worker_was_not_heard_of_is_divided_before_anybody_knows_that_it_is_dead()
    {
        Time();
        Lease silent = Begin(_table);
        _now += 2 * Options.Renewal - TimeSpan.FromSeconds(1);
        Assert.Null(_table.TryLeaseAgain(Other, _now, 4));
        _now += TimeSpan.FromSeconds(2);
        Assert.True(_table.HasStraggler(_now));
        Assert.Null(_table.TryLeaseAgain(Other, _now, 4));
        _table.ConfirmUncommitted(silent.Shard.Id);
        Assert.Equal(4, _table.TryDivide(4)!.Split!.Children!.Count);
        Assert.False(_table.Renew(silent.Shard.Id, silent.Epoch, silent.Token, 30, _now));
        Assert.True(_table.FailedAttempts[0].Suspicion);
    }

    [Fact]
    public void A_shard_that_its_worker_has_not_begun_is_divided_and_no_suspect()
    {
        Lease ahead = _table.TryLease(Worker, _now)!;
        _now += TimeSpan.FromSeconds(3);
        Assert.Null(_table.TryLeaseAgain(Other, _now, 2));
        _table.ConfirmUncommitted(ahead.Shard.Id);
        _table.Apply(_table.TryDivide(2)!.Split!);
        Assert.False(_table.Begin(ahead.Shard.Id, ahead.Epoch, ahead.Token, _now));
        Assert.All(_table.Save().Shards, shard => Assert.Equal(0, shard.Suspicions));
    }

    [Fact]
    public void A_shard_whose_worker_is_slow_but_alive_is_leased_whole_to_a_second_one()
    {
        Time();
        Lease slow = Begin(_table);
        for (int i = 1; i <= 12; i++)
        {
            _now += Options.Renewal;
            Assert.True(_table.Renew(slow.Shard.Id, slow.Epoch, slow.Token, i, _now));
        }
        Assert.Equal(slow.Shard, _table.TryLeaseAgain(Other, _now, 8)!.Shard);
        Assert.True(_table.Renew(slow.Shard.Id, slow.Epoch, slow.Token, 13, _now));
    }

    private static PartitionTable NewTable(int images)
    {
        var table = new PartitionTable("job", "/out/job", 0, Options, new Tokens(1).Next);
        table.Add([Shard(0, 0, images)]);
        return table;
    }

    /// <summary>A worker begins the next shard and is lost; nobody has committed it.</summary>
    private Lease Lose(PartitionTable table)
    {
        Lease lease = Begin(table);
        table.WorkerDied("silo1", _now);
        table.ConfirmUncommitted(lease.Shard.Id);
        return lease;
    }

    private Lease Begin(PartitionTable table)
    {
        Lease lease = Next(table, Worker)!;
        Assert.True(table.Begin(lease.Shard.Id, lease.Epoch, lease.Token, _now));
        return lease;
    }

    private Lease? Next(PartitionTable table, string worker = Other)
    {
        if (table.NextCandidate(out _) is { } next) table.ConfirmUncommitted(next.Id);
        return table.TryLease(worker, _now);
    }

    /// <summary>A shard is committed, so that it is known how long images take.</summary>
    private void Time()
    {
        _table.Add([Shard(1, 40, 40)]);
        _table.Apply(Committed(Shard(1, 40, 40), "first"));
    }

    private static ShardRange Shard(int number, long first, int count) => new(JobLayout.ShardId(number), 0, first, count);

    private static CommitRecord Committed(ShardRange shard, string attempt) => new()
    {
        Shard = shard.Id, Segment = shard.Segment, First = shard.First, Count = shard.Count, Attempt = attempt, Done = shard.Count,
        Run = new RunDetails(Worker, Start, Start.AddSeconds(20)) { DeviceTime = new DeviceTime("cuda", 0, .5 * shard.Count, 0) },
    };
}
