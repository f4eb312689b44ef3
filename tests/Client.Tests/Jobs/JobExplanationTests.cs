using System.Text.Json;
using MaskRcnn.Client.Jobs;
using MaskRcnn.Client.Library.Tests.Fakes;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Workers;

namespace MaskRcnn.Client.Tests.Jobs;

public sealed class JobExplanationTests
{
    private static readonly DateTimeOffset Now = FakeCluster.Then.AddMinutes(1);

    private static readonly WorkerReport Worker = new() { Worker = "w1", Host = "h", ProcessId = 7, Device = "cpu", LastHeartbeat = Now, State = "idle" };

    [Fact]
    public void Without_a_worker_that_is_the_first_thing_said()
    {
        string[] said = Explain(workers: [], shards: Shards(waiting: 40));
        Assert.StartsWith("No worker is connected", said[0], StringComparison.Ordinal);
        Assert.Contains("40 shards wait for a worker.", said);
    }

    [Fact]
    public void A_paused_job_says_how_to_go_on() =>
        Assert.Contains("'maskrcnn job resume photos'", Explain(FakeCluster.Running with { State = JobState.Paused }, shards: Shards(waiting: 1))[0], StringComparison.Ordinal);

    [Fact]
    public void Leases_are_counted_and_the_oldest_is_named() =>
        Assert.Contains("2 of 40 shards are leased; the oldest lease (00000003) was renewed 2 s ago by w1.", Explain(leases: [Lease("00000003"), Lease("00000004")], shards: Shards(leased: 2, waiting: 8, committed: 30)));

    [Fact]
    public void A_shard_that_lost_two_workers_is_said_to_be_tried_alone() =>
        Assert.Contains("Shard 00000012 has lost 2 workers and is being tried alone.", Explain(leases: [Lease("00000012") with { Images = 1, Suspicions = 2 }], shards: Shards(leased: 1)));

    [Fact]
    public void A_lease_that_is_not_renewed_points_at_its_worker() =>
        Assert.Contains(Explain(leases: [Lease("00000003") with { LastRenewal = Now.AddSeconds(-20) }], shards: Shards(leased: 1)), s => s.Contains("was not renewed for 20 s: w1 is dead or hangs", StringComparison.Ordinal));

    [Fact]
    public void A_worker_that_is_silent_is_named() =>
        Assert.Contains("Worker w1 was last heard of 40 s ago.", Explain(workers: [Worker with { LastHeartbeat = Now.AddSeconds(-40) }]));

    [Fact]
    public void Workers_that_are_busy_elsewhere_are_said_to_be() =>
        Assert.Contains(Explain(workers: [Worker with { Shards = ["00000001"] }], shards: Shards(waiting: 3)), s => s.Contains("busy with other jobs", StringComparison.Ordinal));

    [Fact]
    public void Attempts_that_were_lost_are_counted_by_shard()
    {
        var attempt = new AttemptReport("00000005", "a", "w0", FakeCluster.Then, FakeCluster.Then, "its silo died", true);
        Assert.Contains("Shard 00000005 has lost 2 workers.", Explain(attempts: [attempt, attempt with { Attempt = "b" }, attempt with { Shard = "00000006", Suspicion = false }]));
    }

    [Fact]
    public void The_reason_for_which_a_shard_was_given_back_is_told()
    {
        var attempt = new AttemptReport("00000005", "a", "w0", FakeCluster.Then, Now.AddSeconds(-4), "/out/parts/x: the disk is full. Free some space, or use another folder.", false);
        string[] said = Explain(attempts: [attempt with { How = "released" }, attempt, attempt with { Shard = "00000006" }]);
        Assert.Contains("Shard 00000005 was given back 4 s ago by w0: /out/parts/x: the disk is full. Free some space, or use another folder.", said);
        Assert.DoesNotContain(said, sentence => sentence.Contains("00000006", StringComparison.Ordinal) || sentence.Contains("released", StringComparison.Ordinal));
        Assert.DoesNotContain(Explain(attempts: [attempt with { Ended = Now.AddMinutes(-5) }]), sentence => sentence.Contains("given back", StringComparison.Ordinal));
    }

    [Fact]
    public void A_job_that_ended_says_how_and_nothing_else()
    {
        string[] said = Explain(FakeCluster.Running with { State = JobState.Failed, Reason = "More than 10 % of the images failed", Finished = FakeCluster.Then }, workers: []);
        Assert.Equal(["It ended as Failed 60 s ago.", "More than 10 % of the images failed."], said);
    }

    [Fact]
    public void The_command_says_it_first_and_then_shows_tables()
    {
        var cluster = new FakeCluster { Description = Describe(null, [Lease("00000003")], [], [Worker], Shards(leased: 1, waiting: 2)) with { Threads = [2, 8] } };
        string text = JobRun.Of(cluster, "job", "describe", "photos").Exits(0).Out;
        Assert.StartsWith("1 of 3 shards is leased", text, StringComparison.Ordinal);
        Assert.Matches(@"00000003\s+1/4\s+w1", text);
        Assert.Contains("\nThreads  2, 8\n", text, StringComparison.Ordinal);
        JsonElement json = JobRun.Of(cluster, "job", "describe", "photos", "--json").Exits(0).Json;
        Assert.Equal(json.GetProperty("explanation")[0].GetString(), text.Split('\n')[0]);
        Assert.Equal([2, 8], json.GetProperty("threads").EnumerateArray().Select(count => count.GetInt32()));
    }

    private static LeaseReport Lease(string shard) => new(shard, 4, "w1", 1, true, Now.AddSeconds(-10), Now.AddSeconds(-2), 1, 0);

    private static Dictionary<string, long> Shards(long leased = 0, long waiting = 0, long committed = 0) => new() { ["leased"] = leased, ["waiting"] = waiting, ["committed"] = committed };

    private static string[] Explain(
        JobStatus? status = null, LeaseReport[]? leases = null, AttemptReport[]? attempts = null, WorkerReport[]? workers = null, Dictionary<string, long>? shards = null) =>
        [.. JobExplanation.Of(Describe(status, leases ?? [], attempts ?? [], workers ?? [Worker], shards ?? []), Now)];

    private static JobDescription Describe(JobStatus? status, LeaseReport[] leases, AttemptReport[] attempts, WorkerReport[] workers, Dictionary<string, long> shards) => new()
    {
        Status = status ?? FakeCluster.Running, Specification = new JobSpecification { Images = "/i", Model = "/m", Output = "/o" }, Shards = shards, Leases = leases, FailedAttempts = attempts, Workers = workers,
    };
}
