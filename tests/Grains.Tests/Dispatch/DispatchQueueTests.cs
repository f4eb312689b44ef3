using MaskRcnn.Grains.Dispatch;
using MaskRcnn.Grains.Workers;

namespace MaskRcnn.Grains.Tests.Dispatch;

public sealed class DispatchQueueTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 15, 0, 0, TimeSpan.Zero);

    private readonly DispatchQueue _queue = new(new DispatchOptions());

    [Fact]
    public void Jobs_that_have_had_the_same_go_by_priority_then_age_then_id()
    {
        _queue.Announce(new JobWork("old", 0, Start, [3, 1]), Start);
        _queue.Announce(new JobWork("twin-b", 0, Start.AddHours(1), [0]), Start);
        _queue.Announce(new JobWork("twin-a", 0, Start.AddHours(1), [0]), Start);
        _queue.Announce(new JobWork("urgent", 7, Start.AddHours(2), [0]), Start);
        Assert.Equal([("urgent", 0), ("old", 3), ("old", 1), ("twin-a", 0), ("twin-b", 0)], _queue.Candidates(Worker("s/cpu"), Start));
    }

    [Fact]
    public void A_job_without_partitions_is_forgotten_also_while_candidates_are_tried()
    {
        _queue.Announce(new JobWork("a", 0, Start, [0]), Start);
        _queue.Announce(new JobWork("b", 0, Start, [0]), Start);
        foreach ((string job, int _) in _queue.Candidates(Worker("s/cpu"), Start)) _queue.Announce(new JobWork(job, 0, Start, []), Start);
        Assert.Empty(_queue.Candidates(Worker("s/cpu"), Start));
    }

    [Fact]
    public void Workers_are_known_for_a_minute_after_their_last_sign()
    {
        _queue.Heard(Worker("silo1/cpu") with { LastHeartbeat = Start.AddYears(1) }, Start);
        _queue.Heard(Worker("silo2/cpu"), Start.AddSeconds(30));
        Assert.Equal(Start, _queue.Workers(Start.AddSeconds(60))[0].LastHeartbeat);
        Assert.Equal("silo2/cpu", Assert.Single(_queue.Workers(Start.AddSeconds(61))).Worker);
    }

    [Fact]
    public void A_dead_silo_takes_its_workers_with_it_and_no_other()
    {
        foreach (string worker in new[] { "s@1/cuda:1", "s@1/cuda:0", "s@12/cpu" }) _queue.Heard(Worker(worker), Start);
        Assert.Equal(["s@1/cuda:0", "s@1/cuda:1"], _queue.SiloDied("s@1").Select(w => w.Worker));
        Assert.Equal("s@12/cpu", Assert.Single(_queue.Workers(Start)).Worker);
    }

    [Theory]
    [InlineData(10, 11, 1)]
    [InlineData(10, 10, 2)]
    [InlineData(10, 4, 5)]
    [InlineData(10, 1, 20)]
    [InlineData(10, 0, 20)]
    [InlineData(1, 1, 1)]
    public void Shards_are_divided_when_no_more_wait_than_there_are_workers(int workers, long waiting, int pieces)
    {
        for (int i = 0; i < workers; i++) _queue.Heard(Worker($"silo{i}/cpu"), Start);
        _queue.Announce(Work("a", waiting), Start);
        Assert.Equal(pieces, _queue.Pieces(Worker("silo0/cpu"), Start));
    }

    [Fact]
    public void Shards_of_all_jobs_of_the_pool_wait_for_its_workers()
    {
        foreach (string worker in (string[])["silo0/cpu", "silo1/cpu", "silo2/cpu", "silo3/cpu"]) _queue.Heard(Worker(worker), Start);
        _queue.Announce(Work("a", 2), Start);
        _queue.Announce(Work("b", 2), Start);
        _queue.Announce(Work("elsewhere", 100) with { Pool = "other" }, Start);
        _queue.Announce(Work("paused", 0) with { Demand = null }, Start);
        Assert.Equal(2, _queue.Pieces(Worker("silo0/cpu"), Start));
    }

    [Fact]
    public void While_a_job_lists_its_images_there_will_be_more_to_do_and_nothing_is_divided()
    {
        foreach (string worker in (string[])["silo0/cpu", "silo1/cpu"]) _queue.Heard(Worker(worker), Start);
        JobWork work = Work("a", 1);
        _queue.Announce(work with { Demand = work.Demand! with { ListingDone = false } }, Start);
        Assert.Equal(1, _queue.Pieces(Worker("silo0/cpu"), Start));
        _queue.Announce(work, Start);
        Assert.Equal(4, _queue.Pieces(Worker("silo0/cpu"), Start));
    }

    [Fact]
    public void Workers_of_other_pools_those_that_leave_and_those_not_heard_of_lately_get_no_piece()
    {
        _queue.Heard(Worker("silent/cpu"), Start);
        DateTimeOffset now = Start.AddSeconds(20);
        _queue.Heard(Worker("own/cpu"), now);
        _queue.Heard(Worker("leaves/cpu") with { State = WorkerReport.Draining }, now);
        _queue.Heard(Worker("elsewhere/cpu") with { Pool = "other" }, now);
        _queue.Announce(Work("a", 1), now);
        Assert.Equal(1, _queue.Pieces(Worker("own/cpu"), now));
        _queue.Heard(Worker("silent/cpu"), now);
        Assert.Equal(4, _queue.Pieces(Worker("own/cpu"), now));
    }

    private static JobWork Work(string job, long waiting) => new(job, 0, Start, [0]) { Demand = new JobDemand(waiting, waiting, null, null, null) { ListingDone = true } };

    private static WorkerReport Worker(string id) => new() { Worker = id, Host = "h", ProcessId = 1, Device = "cpu" };
}
