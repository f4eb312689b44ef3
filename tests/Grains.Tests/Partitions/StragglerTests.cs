using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Partitions;

namespace MaskRcnn.Grains.Tests.Partitions;

/// <summary>Shards that are leased a second time. Shards have 10 images, which take a second each.</summary>
public sealed class StragglerTests
{
    private const string Slow = "silo1/cpu", Fast = "silo2/cpu", Third = "silo3/cpu";

    private static readonly DateTimeOffset Start = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly LeaseOptions Options = new();

    private readonly PartitionTable _table = new("job", "/out/job", 0, Options, new Tokens(3).Next);
    private DateTimeOffset _now = Start;

    public StragglerTests()
    {
        _table.Add([Shard(0), Shard(1)]);
        // The first one tells how long shards take here.
        Lease first = _table.TryLease(Fast, Start)!;
        _table.Begin(first.Shard.Id, first.Epoch, first.Token, Start);
        _table.Apply(Committed(Shard(0), first.Attempt));
    }

    [Fact]
    public void A_shard_whose_worker_is_slow_is_leased_a_second_time_and_no_third()
    {
        Lease slow = Give(Slow);
        Pass(slow, seconds: 20, images: 2);
        Assert.True(_table.HasStraggler(_now));
        Lease again = _table.TryLeaseAgain(Fast, _now)!;
        Assert.Equal(slow.Shard, again.Shard);
        Assert.NotEqual((slow.Epoch, slow.Token, slow.Attempt), (again.Epoch, again.Token, again.Attempt));
        Assert.False(_table.HasStraggler(_now));
        Assert.Null(_table.TryLeaseAgain(Third, _now));
        Assert.Equal(2, _table.Leases().Count);
        Assert.True(Renew(slow, 3), "The first one goes on.");
        Assert.True(_table.Begin(again.Shard.Id, again.Epoch, again.Token, _now));
    }

    [Fact]
    public void The_first_record_decides_and_the_other_worker_is_told()
    {
        Lease slow = Give(Slow);
        Pass(slow, seconds: 20, images: 2);
        Lease again = _table.TryLeaseAgain(Fast, _now)!;
        _table.Begin(again.Shard.Id, again.Epoch, again.Token, _now);
        _table.Apply(Committed(slow.Shard, again.Attempt));
        Assert.True(_table.IsComplete);
        Assert.False(Renew(slow, 4));
        AttemptReport lost = Assert.Single(_table.FailedAttempts);
        Assert.Equal((slow.Attempt, "another attempt was first", false), (lost.Attempt, lost.How, lost.Suspicion));
        Assert.Equal(20, Assert.Single(_table.DeviceTime).Lost);
    }

    [Theory]
    [InlineData(4, 4)]
    [InlineData(14, 8)]
    [InlineData(9, 0)]
    public void A_shard_that_its_worker_will_finish_as_soon_is_left_to_it(double seconds, int images)
    {
        Pass(Give(Slow), seconds, images);
        Assert.False(_table.HasStraggler(_now));
        Assert.Null(_table.TryLeaseAgain(Fast, _now));
    }

    [Fact]
    public void A_shard_whose_worker_is_silent_is_leased_again_before_its_lease_runs_out()
    {
        Lease silent = Give(Slow);
        Pass(silent, seconds: 1, images: 1);
        _now += 2 * Options.Renewal + TimeSpan.FromSeconds(1);
        Lease again = _table.TryLeaseAgain(Fast, _now)!;
        Assert.Equal(silent.Shard, again.Shard);
        _table.Begin(again.Shard.Id, again.Epoch, again.Token, _now);
        // Its end is a suspicion, and the shard stays with the other.
        _now += TimeSpan.FromSeconds(5);
        Assert.True(Renew(again, 5));
        Assert.Empty(_table.Expire(_now));
        Assert.Equal(again.Attempt, _table.Save().Shards[1].Lease!.Attempt);
        Assert.False(Renew(silent, 2));
        Assert.True(Renew(again, 6));
        Assert.True(_table.FailedAttempts[0].Suspicion);
    }

    [Fact]
    public void After_the_partition_was_away_nobody_is_silent_until_it_was_heard_of_again()
    {
        Lease lease = Give(Slow);
        Pass(lease, seconds: 1, images: 1);
        _now += TimeSpan.FromSeconds(60);
        _table.WasAway(_now);
        Assert.False(_table.HasStraggler(_now));
        Assert.Null(_table.TryLeaseAgain(Fast, _now));
        Assert.True(Renew(lease, 9));
        Assert.False(_table.HasStraggler(_now));
        _now += 2 * Options.Renewal + TimeSpan.FromSeconds(1);
        Assert.True(_table.HasStraggler(_now));
    }

    [Fact]
    public void When_both_workers_die_the_shard_waits_and_is_suspect()
    {
        Lease slow = Give(Slow);
        Pass(slow, seconds: 20, images: 2);
        Lease again = _table.TryLeaseAgain(Fast, _now)!;
        _table.Begin(again.Shard.Id, again.Epoch, again.Token, _now);
        Assert.Empty(_table.WorkerDied("silo2", _now));
        Assert.False(_table.HasStraggler(_now), "A suspect is not given to two.");
        Assert.Equal(DecisionKind.Split, Assert.Single(_table.WorkerDied("silo1", _now)).Kind);
    }

    [Fact]
    public void Nothing_is_leased_twice_while_a_shard_waits_or_to_the_worker_that_has_it_or_before_anything_is_known()
    {
        Lease slow = Give(Slow);
        Pass(slow, seconds: 30, images: 1);
        Assert.Null(_table.TryLeaseAgain(Slow, _now));
        _table.Add([Shard(2)]);
        Assert.False(_table.HasStraggler(_now));
        Assert.Null(_table.TryLeaseAgain(Fast, _now));

        var unknown = new PartitionTable("job", "/out/job", 0, Options, new Tokens(4).Next);
        unknown.Add([Shard(0)]);
        Lease lease = unknown.TryLease(Slow, Start)!;
        unknown.Begin(lease.Shard.Id, lease.Epoch, lease.Token, Start);
        Assert.Null(unknown.TryLeaseAgain(Fast, Start + TimeSpan.FromSeconds(14)));
    }

    [Fact]
    public void What_a_worker_has_not_begun_goes_to_one_that_has_nothing_to_do_once()
    {
        Lease ahead = _table.TryLease(Slow, _now)!;
        Pass(ahead, seconds: 2, images: 0);
        Assert.False(_table.HasStraggler(_now), "Who is free begins at once.");
        Pass(ahead, seconds: 1, images: 0);
        Assert.True(_table.HasStraggler(_now));
        Assert.Null(_table.TryLeaseAgain(Slow, _now));
        Lease taken = _table.TryLeaseAgain(Fast, _now)!;
        Assert.Equal(ahead.Shard, taken.Shard);
        Assert.False(_table.Begin(ahead.Shard.Id, ahead.Epoch, ahead.Token, _now), "The first one has it no more.");
        AttemptReport report = Assert.Single(_table.FailedAttempts);
        Assert.Equal((ahead.Attempt, false), (report.Attempt, report.Suspicion));
        Assert.DoesNotContain(_table.DeviceTime, time => time.Lost > 0);
        Pass(taken, seconds: 5, images: 0);
        Assert.False(_table.HasStraggler(_now), "It does not go to and fro.");
        Assert.True(_table.Begin(taken.Shard.Id, taken.Epoch, taken.Token, _now));
    }

    [Fact]
    public void A_shard_that_is_done_before_its_worker_would_hear_of_it_is_left_to_it_until_then()
    {
        PartitionTable table = Short(out Lease ahead);
        _now += TimeSpan.FromSeconds(4);
        table.Renew(ahead.Shard.Id, ahead.Epoch, ahead.Token, 0, _now);
        Assert.False(table.HasStraggler(_now));
        _now += TimeSpan.FromSeconds(2);
        Assert.Equal(ahead.Shard, table.TryLeaseAgain(Fast, _now)!.Shard);
    }

    [Fact]
    public void A_short_shard_is_not_slow_within_a_renewals_time()
    {
        PartitionTable table = Short(out Lease lease);
        table.Begin(lease.Shard.Id, lease.Epoch, lease.Token, _now);
        _now += Options.Renewal;
        Assert.False(table.HasStraggler(_now));
        _now += TimeSpan.FromSeconds(1);
        Assert.True(table.HasStraggler(_now));
    }

    [Fact]
    public void A_shard_whose_first_images_waited_behind_those_of_the_last_shard_is_not_slow()
    {
        Lease lease = Give(Slow);
        Pass(lease, seconds: 14, images: 0);
        for (int images = 1; images < 10; images += 2)
        {
            Pass(lease, seconds: 2, images);
            Assert.False(_table.HasStraggler(_now), $"after {images} images");
        }
    }

    [Fact]
    public void A_shard_that_goes_on_no_more_is_leased_a_second_time()
    {
        Lease lease = Give(Slow);
        Pass(lease, seconds: 8, images: 8);
        Assert.False(_table.HasStraggler(_now));
        Pass(lease, seconds: 40, images: 8);
        Assert.Equal(lease.Shard, _table.TryLeaseAgain(Fast, _now)!.Shard);
    }

    [Fact]
    public void What_a_worker_has_said_some_time_ago_is_no_sign_that_it_is_slow()
    {
        Pass(Give(Slow), seconds: 4, images: 4);
        _now += 2 * Options.Renewal - TimeSpan.FromSeconds(1);
        Assert.False(_table.HasStraggler(_now));
    }

    [Fact]
    public void The_time_that_a_shard_waited_for_its_worker_is_none_of_its_own()
    {
        Lease lease = _table.TryLease(Slow, _now)!;
        _now += TimeSpan.FromSeconds(2);
        _table.TryLeaseAgain(Fast, _now);
        Pass(lease, seconds: 0, images: 0);
        _now += TimeSpan.FromSeconds(20);
        Assert.True(_table.Begin(lease.Shard.Id, lease.Epoch, lease.Token, _now));
        Pass(lease, seconds: 4, images: 4);
        Assert.False(_table.HasStraggler(_now));
        PartitionTable restored = PartitionTable.Restore(_table.Save(), Options, new Tokens(5).Next, _now);
        Assert.True(restored.Renew(lease.Shard.Id, lease.Epoch, lease.Token, 5, _now));
        Assert.False(restored.HasStraggler(_now));
    }

    [Fact]
    public void A_second_lease_is_not_kept_over_a_restart_and_the_first_is()
    {
        Lease slow = Give(Slow);
        Pass(slow, seconds: 20, images: 2);
        Lease again = _table.TryLeaseAgain(Fast, _now)!;
        PartitionTable restored = PartitionTable.Restore(_table.Save(), Options, new Tokens(5).Next, _now);
        Assert.False(restored.Renew(again.Shard.Id, again.Epoch, again.Token, 1, _now));
        Assert.True(restored.Renew(slow.Shard.Id, slow.Epoch, slow.Token, 3, _now));
        Assert.Equal(_table.DeviceTime, restored.DeviceTime);
    }

    [Fact]
    public void A_lease_that_is_handed_back_before_it_was_begun_is_no_attempt()
    {
        Lease lease = _table.TryLease(Slow, _now)!;
        Assert.True(_table.Release(lease.Shard.Id, lease.Epoch, lease.Token, _now));
        Assert.Empty(_table.FailedAttempts);
        _table.ConfirmUncommitted(lease.Shard.Id);
        Lease failed = _table.TryLease(Slow, _now)!;
        Assert.True(_table.Release(failed.Shard.Id, failed.Epoch, failed.Token, _now, "the model does not load"));
        Assert.Equal("the model does not load", Assert.Single(_table.FailedAttempts).How);
    }

    /// <summary>A table in which a shard of three images is leased, and it is known that each takes a second.</summary>
    private PartitionTable Short(out Lease lease)
    {
        var table = new PartitionTable("job", "/out/job", 0, Options, new Tokens(6).Next);
        table.Add([Shard(0), Shard(1) with { Count = 3 }]);
        table.Apply(Committed(Shard(0), table.TryLease(Fast, _now)!.Attempt));
        lease = table.TryLease(Slow, _now)!;
        return table;
    }

    private Lease Give(string worker)
    {
        Lease lease = _table.TryLease(worker, _now)!;
        Assert.True(_table.Begin(lease.Shard.Id, lease.Epoch, lease.Token, _now));
        return lease;
    }

    /// <summary>Time in which the worker renews its lease, and comes evenly from no image of the shard to these.</summary>
    private void Pass(Lease lease, double seconds, int images)
    {
        DateTimeOffset start = _now, end = _now + TimeSpan.FromSeconds(seconds);
        int before = _table.Leases().Single(other => other.Shard == lease.Shard.Id && other.Epoch == lease.Epoch).ImagesDone;
        for (_now += Options.Renewal; _now < end; _now += Options.Renewal) Assert.True(Renew(lease, before + (int)((images - before) * ((_now - start) / (end - start)))));
        _now = end;
        Assert.True(Renew(lease, images));
    }

    private bool Renew(Lease lease, int images) => _table.Renew(lease.Shard.Id, lease.Epoch, lease.Token, images, _now);

    private static ShardRange Shard(int number) => new(JobLayout.ShardId(number), 0, 10 * number, 10);

    private static CommitRecord Committed(ShardRange shard, string attempt) => new()
    {
        Shard = shard.Id, Segment = shard.Segment, First = shard.First, Count = shard.Count, Attempt = attempt, Done = shard.Count,
        Run = new RunDetails(Fast, Start, Start.AddSeconds(10)) { DeviceTime = new DeviceTime("cpu", 3, 8, 2) },
    };
}
