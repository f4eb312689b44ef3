using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Partitions;

namespace MaskRcnn.Grains.Tests.Partitions;

public sealed class PartitionTableTests
{
    private const string Worker = "silo1/cpu";
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 15, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Ttl = new LeaseOptions().TimeToLive;

    private readonly PartitionTable _table = new("job", "/out/job", 0, new LeaseOptions(), new Tokens(1).Next);

    [Fact]
    public void Shards_are_leased_in_order_each_to_one_worker()
    {
        _table.Add([Shard(0, 0, 4), Shard(1, 4, 4)]);
        Assert.Equal(["00000000", "00000001"], [Lease().Shard.Id, Lease().Shard.Id]);
        Assert.Null(_table.TryLease(Worker, Start));
        Assert.False(_table.HasWaiting);
        Assert.Equal(new ImageCounts(8, 0, 0), _table.Counts);
    }

    [Fact]
    public void A_lost_workers_shard_is_given_to_another_after_the_store_was_asked()
    {
        _table.Add([Shard(0, 0, 4), Shard(1, 4, 4)]);
        Lease();
        Assert.Empty(_table.Expire(Start + Ttl));
        ShardRange? next = _table.NextCandidate(out bool askStore);
        Assert.Equal(("00000000", true), (next?.Id, askStore));
        // Not asked yet: only what nobody had is given.
        Assert.Equal("00000001", Lease("silo2/cpu").Shard.Id);
        Assert.Null(_table.TryLease("silo2/cpu", Start));
        _table.ConfirmUncommitted("00000000");
        Lease again = Lease("silo2/cpu");
        Assert.Equal(("00000000", 2), (again.Shard.Id, again.Epoch));
    }

    [Fact]
    public void A_shard_that_turns_out_to_be_committed_is_not_leased_again()
    {
        _table.Add([Shard(0, 0, 4)]);
        Lease lease = Lease();
        _table.Expire(Start + Ttl);
        _table.Apply(Committed(lease.Shard, done: 3));
        Assert.Null(_table.NextCandidate(out _));
        Assert.True(_table.IsComplete);
        Assert.Equal(new ImageCounts(4, 3, 1), _table.Counts);
    }

    [Fact]
    public void Renewals_keep_a_lease_also_when_its_deadline_has_passed_unnoticed()
    {
        _table.Add([Shard(0, 0, 4)]);
        Lease lease = Lease();
        Assert.True(_table.Renew(lease.Shard.Id, lease.Epoch, lease.Token, 1, Start + 2 * Ttl));
        Assert.Empty(_table.Expire(Start + 2.5 * Ttl));
        Assert.Equal(1, Assert.Single(_table.Leases()).ImagesDone);
        _table.Expire(Start + 3 * Ttl);
        Assert.Empty(_table.Leases());
        Assert.False(_table.Renew(lease.Shard.Id, lease.Epoch, lease.Token, 2, Start + 3 * Ttl));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(0, true)]
    public void Another_epoch_or_another_token_changes_nothing(int epochs, bool otherToken)
    {
        _table.Add([Shard(0, 0, 4)]);
        Lease lease = Lease();
        Guid token = otherToken ? Guid.Empty : lease.Token;
        Assert.False(_table.Begin(lease.Shard.Id, lease.Epoch + epochs, token, Start));
        Assert.False(_table.Renew(lease.Shard.Id, lease.Epoch + epochs, token, 3, Start + Ttl / 2));
        Assert.False(_table.Release(lease.Shard.Id, lease.Epoch + epochs, token, Start));
        LeaseReport held = Assert.Single(_table.Leases());
        Assert.False(held.Begun);
        Assert.Equal(Start, held.LastRenewal);
    }

    [Fact]
    public void Only_deaths_after_the_beginning_are_suspicions()
    {
        _table.Add([Shard(0, 0, 4)]);
        for (int death = 0; death < 5; death++)
        {
            Lease();
            Assert.Empty(_table.WorkerDied("silo1", Start));
            _table.ConfirmUncommitted("00000000");
        }
        Assert.All(_table.FailedAttempts, attempt => Assert.False(attempt.Suspicion));
        Lease begun = Lease();
        _table.Begin(begun.Shard.Id, begun.Epoch, begun.Token, Start);
        Assert.True(_table.Release(begun.Shard.Id, begun.Epoch, begun.Token, Start));
        Assert.False(_table.FailedAttempts[0].Suspicion);
    }

    [Fact]
    public void A_silos_death_ends_the_leases_of_its_workers_and_of_no_other()
    {
        _table.Add([Shard(0, 0, 4), Shard(1, 4, 4), Shard(2, 8, 4)]);
        Lease("10.0.0.1:11111@1/cpu");
        Lease("10.0.0.1:11111@12/cpu");
        Lease("10.0.0.1:11111@1/cuda:0");
        _table.WorkerDied("10.0.0.1:11111@1", Start);
        Assert.Equal("10.0.0.1:11111@12/cpu", Assert.Single(_table.Leases()).Worker);
    }

    [Fact]
    public void After_two_suspicions_a_shard_is_halved()
    {
        _table.Add([Shard(3, 100, 5)]);
        Assert.Empty(DieWhileBegun());
        Decision decision = Assert.Single(DieWhileBegun());
        Assert.Equal(DecisionKind.Split, decision.Kind);
        Assert.Equal([3, 2], decision.Split!.Children!);
        Assert.False(_table.HasWaiting);
        Assert.Equal(decision.Split.Attempt, Assert.Single(_table.PendingDecisions).Split!.Attempt);

        _table.Apply(decision.Split);
        Assert.Empty(_table.PendingDecisions);
        Assert.Equal(new ShardRange("00000003.0", 0, 100, 3), _table.NextCandidate(out bool askStore));
        Assert.True(askStore);
        Assert.Equal(5, _table.Counts.Total);
        _table.Apply(Committed(new ShardRange("00000003.0", 0, 100, 3), 3));
        Assert.False(_table.IsComplete);
        _table.Apply(Committed(new ShardRange("00000003.1", 0, 103, 2), 2));
        Assert.True(_table.IsComplete);
        Assert.Equal(new Dictionary<string, long> { ["committed"] = 2, ["split"] = 1, ["leased"] = 0, ["waiting"] = 0 }, _table.ShardCounts);
    }

    [Fact]
    public void When_the_lost_worker_committed_before_the_split_its_result_counts()
    {
        _table.Add([Shard(3, 100, 5)]);
        DieWhileBegun();
        DieWhileBegun();
        _table.Apply(Committed(Shard(3, 100, 5), 5));
        Assert.True(_table.IsComplete);
        Assert.Empty(_table.PendingDecisions);
    }

    [Fact]
    public void A_suspected_image_is_leased_alone_and_given_up_after_three_deaths()
    {
        _table.Add([Shard(7, 40, 1), Shard(8, 41, 1)]);
        Assert.Empty(DieWhileBegun());
        Lease healthy = Lease();
        Assert.Equal(("00000008", false), (healthy.Shard.Id, healthy.Alone));
        _table.Apply(Committed(healthy.Shard, 1));
        for (int death = 1; death <= 2; death++) Assert.Empty(DieWhileBegun());
        Lease alone = LeaseSure();
        Assert.True(alone.Alone);
        _table.Begin(alone.Shard.Id, alone.Epoch, alone.Token, Start);
        Decision decision = Assert.Single(_table.WorkerDied("silo1", Start));
        Assert.Equal((DecisionKind.GiveUp, 40L), (decision.Kind, decision.Ordinal));
        CommitRecord record = _table.GiveUpRecord("00000007", "a/b.png");
        Assert.Equal(("a/b.png", "00000007", ImageErrorCauses.Poisonous), (record.GivenUp!.Image, record.GivenUp.Shard, record.GivenUp.Cause));
        _table.Apply(record);
        Assert.True(_table.IsComplete);
        Assert.Equal(new ImageCounts(2, 1, 1), _table.Counts);
        Assert.Throws<InvalidOperationException>(() => _table.GiveUpRecord("00000007", "a/b.png"));
    }

    [Fact]
    public void A_worker_with_a_shard_alone_is_given_nothing_else()
    {
        _table.Add([Shard(7, 40, 1)]);
        DieWhileBegun();
        Assert.True(LeaseSure().Alone);
        _table.Add([Shard(8, 41, 1)]);
        Assert.Null(_table.TryLease(Worker, Start));
        Assert.NotNull(_table.TryLease("silo2/cpu", Start));
    }

    [Fact]
    public void What_was_begun_or_given_back_comes_first_and_what_two_workers_did_not_survive_last()
    {
        _table.Add([Shard(0, 0, 4), Shard(1, 4, 4), Shard(2, 8, 4), Shard(3, 12, 4), Shard(4, 16, 4)]);
        DieWhileBegun();
        _table.ConfirmUncommitted("00000000");
        DieWhileBegun();
        _table.Apply(Assert.Single(_table.PendingDecisions).Split!);
        DieWhileBegun();
        Lease returned = LeaseSure(), other = LeaseSure();
        _table.Release(other.Shard.Id, other.Epoch, other.Token, Start);
        _table.Release(returned.Shard.Id, returned.Epoch, returned.Token, Start);
        Assert.Equal(["00000001", "00000002", "00000003", "00000004", "00000000.0", "00000000.1"], Enumerable.Range(0, 6).Select(_ => LeaseSure().Shard.Id));
    }

    [Fact]
    public void After_a_restore_leases_live_on_and_their_end_is_no_suspicion_until_they_are_renewed()
    {
        _table.Add([Shard(0, 0, 4), Shard(1, 4, 4)]);
        Lease silent = Lease(), heard = Lease();
        _table.Begin(silent.Shard.Id, silent.Epoch, silent.Token, Start);
        _table.Begin(heard.Shard.Id, heard.Epoch, heard.Token, Start);
        DateTimeOffset later = Start + 10 * Ttl;
        PartitionTable restored = PartitionTable.Restore(_table.Save(), new LeaseOptions(), new Tokens(2).Next, later);
        Assert.Empty(restored.Expire(later + Ttl / 2));
        Assert.True(restored.Renew(heard.Shard.Id, heard.Epoch, heard.Token, 1, later + Ttl / 2));
        restored.Expire(later + 2 * Ttl);
        Assert.Equal([("00000000", false), ("00000001", true)], restored.FailedAttempts.Select(a => (a.Shard, a.Suspicion)).Order());
    }

    [Fact]
    public void A_restored_table_asks_the_store_for_every_shard_and_keeps_its_decisions()
    {
        _table.Add([Shard(0, 0, 4), Shard(1, 4, 4)]);
        // Suspects go last: give the others away first.
        _table.Apply(Committed(Shard(1, 4, 4), 4));
        DieWhileBegun();
        Decision decision = Assert.Single(DieWhileBegun());
        PartitionTable restored = PartitionTable.Restore(_table.Save(), new LeaseOptions(), new Tokens(2).Next, Start);
        Assert.Equal(decision.Split!.Attempt, Assert.Single(restored.PendingDecisions).Split!.Attempt);
        Assert.Equal(_table.Counts, restored.Counts);
        restored.Add([Shard(2, 8, 4)]);
        Assert.NotNull(restored.NextCandidate(out bool askStore));
        Assert.True(askStore);
    }

    [Fact]
    public void The_threads_of_committed_shards_are_known_also_after_a_restore()
    {
        _table.Add([Shard(0, 0, 4), Shard(1, 4, 4), Shard(2, 8, 4), Shard(3, 12, 4)]);
        foreach ((int shard, int? threads) in new (int, int?)[] { (0, 8), (1, 2), (2, 8), (3, null) })
            _table.Apply(Committed(Shard(shard, 4 * shard, 4), 4) with { Run = new RunDetails(Worker, Start, Start, threads) });
        Assert.Equal([2, 8], _table.Threads);
        Assert.Equal([2, 8], PartitionTable.Restore(_table.Save(), new LeaseOptions(), new Tokens(2).Next, Start).Threads);
    }

    [Fact]
    public void Records_may_come_in_any_order_and_again()
    {
        CommitRecord[] records =
        [
            Committed(new ShardRange("00000000.0.1", 0, 1, 1), 1), Committed(new ShardRange("00000000.0.0", 0, 0, 1), 0),
            Split(new ShardRange("00000000.0", 0, 0, 2), 1, 1), Committed(new ShardRange("00000000.1", 0, 2, 2), 2), Split(Shard(0, 0, 4), 2, 2),
        ];
        foreach (CommitRecord record in records.Concat(records)) _table.Apply(record);
        _table.Add([Shard(0, 0, 4)]);
        foreach (CommitRecord record in records) _table.Apply(record);
        Assert.True(_table.IsComplete);
        Assert.Equal(new ImageCounts(4, 3, 1), _table.Counts);
    }

    [Fact]
    public void Records_that_contradict_the_shard_are_refused_by_name()
    {
        _table.Add([Shard(0, 0, 4)]);
        CommitRecord good = Committed(Shard(0, 0, 4), 4);
        foreach (CommitRecord bad in new[] { good with { Count = 5 }, good with { First = 1 }, good with { Segment = 1 }, good with { Done = 5, Failed = -1 }, good with { Done = 3 }, Split(Shard(0, 0, 4), 4), Split(Shard(0, 0, 4), 4, 0), Split(Shard(0, 0, 4), 2, 3) })
            Assert.Contains("commits/00000000.json", Assert.Throws<DocumentException>(() => _table.Apply(bad)).Message, StringComparison.Ordinal);
        Assert.True(_table.HasWaiting);
        Assert.Throws<ArgumentException>(() => _table.Add([Shard(0, 0, 5)]));
        _table.Add([Shard(0, 0, 4)]);
        Assert.Equal(4, _table.Counts.Total);
    }

    [Fact]
    public void While_the_partition_was_away_nobody_knows_who_died()
    {
        _table.Add([Shard(0, 0, 4)]);
        Lease lease = Lease();
        _table.Begin(lease.Shard.Id, lease.Epoch, lease.Token, Start);
        _table.WasAway(Start + Ttl);
        Assert.Empty(_table.Expire(Start + Ttl));
        Assert.Single(_table.Leases());
        _table.Expire(Start + 2 * Ttl);
        Assert.False(Assert.Single(_table.FailedAttempts).Suspicion);
    }

    [Fact]
    public void Options_out_of_their_range_are_refused_all_at_once()
    {
        var options = new LeaseOptions { TimeToLive = TimeSpan.Zero, Renewal = TimeSpan.Zero, SuspicionsBeforeSplit = 0, DeathsBeforeGivingUp = 0 };
        Assert.Equal(4, options.Problems().Count);
        Assert.Throws<ArgumentException>(() => new PartitionTable("job", "/out", 0, options, Guid.NewGuid));
        Assert.Single(new LeaseOptions { Renewal = TimeSpan.FromSeconds(8) }.Problems());
        Assert.Empty(new LeaseOptions().Problems());
    }

    private static ShardRange Shard(int planned, long first, int count) => new(JobLayout.ShardId(planned), 0, first, count);

    private static CommitRecord Committed(ShardRange shard, int done) => new()
    {
        Shard = shard.Id, Segment = shard.Segment, First = shard.First, Count = shard.Count, Attempt = "other", Done = done, Failed = shard.Count - done,
    };

    private static CommitRecord Split(ShardRange shard, params int[] children) => Committed(shard, 0) with { Failed = 0, Children = children };

    private Lease Lease(string worker = Worker) => _table.TryLease(worker, Start) ?? throw new InvalidOperationException("Nothing was leased.");

    /// <summary>Leases the next, as if the store had been asked and had nothing.</summary>
    private Lease LeaseSure()
    {
        _table.ConfirmUncommitted(_table.NextCandidate(out _)!.Id);
        return Lease("silo9/cpu") is var lease && lease.Alone ? Again(lease) : lease;
    }

    /// <summary>The alone shard goes to the worker that the test looks at.</summary>
    private Lease Again(Lease lease)
    {
        _table.Release(lease.Shard.Id, lease.Epoch, lease.Token, Start);
        _table.ConfirmUncommitted(lease.Shard.Id);
        return Lease();
    }

    private IReadOnlyList<Decision> DieWhileBegun()
    {
        _table.ConfirmUncommitted(_table.NextCandidate(out _)!.Id);
        Lease lease = Lease("dying/cpu");
        Assert.True(_table.Begin(lease.Shard.Id, lease.Epoch, lease.Token, Start));
        return _table.WorkerDied("dying", Start);
    }
}
