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

    private static WorkerReport Worker(string id) => new() { Worker = id, Host = "h", ProcessId = 1, Device = "cpu" };
}
