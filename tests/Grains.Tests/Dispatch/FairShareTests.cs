using MaskRcnn.Grains.Dispatch;

namespace MaskRcnn.Grains.Tests.Dispatch;

/// <summary>Who is given devices, on simulated clusters; what is measured is counted by the simulation.</summary>
public sealed class FairShareTests
{
    private static readonly DispatchOptions Options = new();

    /// <summary>Shard sizes, image times and models of two jobs of the same weight.</summary>
    public static TheoryData<int, double, int, double, bool> Pairs => new()
    {
        { 40, .5, 40, .5, true },
        { 40, .5, 40, .5, false },
        { 20, .5, 60, .5, true },
        { 20, .5, 60, .5, false },
        { 100, .1, 10, 2.5, true },
        { 100, .1, 10, 2.5, false },
        { 16, 1.25, 300, .1, false },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Two_jobs_of_equal_weight_get_device_seconds_within_10_percent_in_every_minute(int imagesA, double secondsA, int imagesB, double secondsB, bool sameModel)
    {
        DispatchSimulation simulation = new DispatchSimulation(7, 16, Options, new SimulatedJob("a", imagesA, secondsA), new SimulatedJob("b", imagesB, secondsB, sameModel ? "m" : "other")).Run(900);
        for (double from = 60; from <= 780; from += 5)
        {
            (double a, double b) = (simulation.Seconds("a", from, from + 60), simulation.Seconds("b", from, from + 60));
            Assert.True(Math.Abs(a - b) <= .1 * Math.Max(a, b), $"From {from} s: a {a:F0}, b {b:F0} device-seconds.");
        }
    }

    [Fact]
    public void Device_seconds_follow_the_weights()
    {
        DispatchSimulation simulation = new DispatchSimulation(3, 12, Options, new SimulatedJob("a", 40, .5, weight: 3), new SimulatedJob("b", 25, .8)).Run(700);
        double ratio = simulation.Seconds("a", 60, 660) / simulation.Seconds("b", 60, 660);
        Assert.InRange(ratio, 2.85, 3.15);
    }

    [Fact]
    public void A_job_that_comes_late_gets_its_share_from_then_on_and_not_the_past()
    {
        SimulatedJob late = new SimulatedJob("late", 40, .5) with { From = 300 };
        DispatchSimulation simulation = new DispatchSimulation(5, 10, Options, new SimulatedJob("first", 40, .5), late).Run(700);
        double first = simulation.Seconds("first", 340, 640), second = simulation.Seconds("late", 340, 640);
        Assert.InRange(second / (first + second), .45, .55);
        Assert.Equal(0, simulation.Seconds("late", 0, 299));
    }

    [Fact]
    public void A_job_of_higher_priority_has_every_device_from_the_end_of_the_shards_under_way()
    {
        SimulatedJob urgent = new SimulatedJob("urgent", 40, .5, "other", priority: 1) with { From = 100, To = 200 };
        DispatchSimulation simulation = new DispatchSimulation(2, 8, Options, new SimulatedJob("low", 40, .5), urgent).Run(400);
        Assert.DoesNotContain(simulation.Given, given => given.Job == "low" && given.At > 101 && given.At < 199);
        Assert.Equal(8, simulation.Given.Where(given => given.Job == "urgent" && given.At < 123).Select(given => given.Worker).Distinct().Count());
        Assert.True(simulation.Seconds("low", 240, 300) > 470, "It goes on afterwards.");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(9)]
    public void A_worker_changes_its_model_at_most_once_in_30_seconds(int workers)
    {
        DispatchSimulation simulation = new DispatchSimulation(4, workers, Options, new SimulatedJob("a", 5, .5, "x"), new SimulatedJob("b", 8, .5, "y"), new SimulatedJob("c", 3, .5, "z")).Run(900);
        foreach (IGrouping<string, (string Worker, string Job, double At)> worker in simulation.Given.GroupBy(given => given.Worker))
        {
            double[] changes = [.. worker.Zip(worker.Skip(1)).Where(pair => pair.First.Job != pair.Second.Job).Select(pair => pair.Second.At)];
            Assert.All(changes.Zip(changes.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 30, $"{worker.Key} changes at {pair.First:F1} s and at {pair.Second:F1} s."));
        }
        // And none is starved by that.
        double[] shares = [.. new[] { "a", "b", "c" }.Select(job => simulation.Seconds(job, 100, 900))];
        Assert.True(shares.Min() > .8 * shares.Max(), string.Join(", ", shares));
    }

    [Fact]
    public void A_worker_whose_model_has_no_work_left_changes_at_once()
    {
        SimulatedJob brief = new SimulatedJob("brief", 4, .5, "x") with { To = 5 };
        DispatchSimulation simulation = new DispatchSimulation(6, 1, Options, brief, new SimulatedJob("other", 4, .5, "y") with { From = 5 }).Run(60);
        Assert.Contains(simulation.Given, given => given.Job == "other" && given.At < 10);
    }

    [Fact]
    public void A_tenant_has_no_more_devices_than_its_limit_and_others_take_the_rest()
    {
        var options = new DispatchOptions { TenantDevices = new Dictionary<string, int> { ["small"] = 3 } };
        DispatchSimulation simulation = new DispatchSimulation(8, 10, options, new SimulatedJob("a", 40, .5, tenant: "small"), new SimulatedJob("b", 40, .5, tenant: "small"), new SimulatedJob("c", 40, .5)).Run(300);
        for (double at = 1; at < 270; at += 1)
        {
            int devices = simulation.Worked.Where(span => span.Job is "a" or "b" && span.From <= at && at < span.To).Select(span => span.Worker).Distinct().Count();
            Assert.True(devices <= 3, $"{devices} at {at} s.");
        }
        Assert.InRange(simulation.Seconds("c", 60, 240), 7 * 180 * .95, 7 * 180 * 1.05);
        Assert.InRange(simulation.Seconds("a", 60, 240) / simulation.Seconds("b", 60, 240), .8, 1.25);
    }

    [Fact]
    public void A_worker_works_for_jobs_of_its_pool_alone()
    {
        var queue = new DispatchQueue(Options);
        DateTimeOffset now = DateTimeOffset.UnixEpoch;
        queue.Announce(new JobWork("gpu-job", 9, now, [0]) { Pool = "gpu" }, now);
        queue.Announce(new JobWork("any", 0, now, [0]), now);
        var worker = new MaskRcnn.Grains.Workers.WorkerReport { Worker = "s/cpu", Host = "h", ProcessId = 1, Device = "cpu" };
        Assert.Equal([("any", 0)], queue.Candidates(worker, now));
        Assert.Equal([("gpu-job", 0)], queue.Candidates(worker with { Worker = "s/cuda:0", Pool = "gpu" }, now));
    }

    [Fact]
    public void A_shard_that_is_not_begun_goes_back_only_for_a_job_of_higher_priority_that_the_worker_may_have()
    {
        var queue = new DispatchQueue(Options);
        DateTimeOffset now = DateTimeOffset.UnixEpoch;
        queue.Heard(new MaskRcnn.Grains.Workers.WorkerReport { Worker = "s/cpu", Host = "h", ProcessId = 1, Device = "cpu" }, now);
        queue.Announce(new JobWork("own", 0, now, [0]), now);
        queue.Announce(new JobWork("equal", 0, now, [0]), now);
        queue.Announce(new JobWork("elsewhere", 5, now, [0]) { Pool = "gpu" }, now);
        queue.Announce(new JobWork("idle", 5, now, []) { Demand = new JobDemand(1, 0, 1, null, null) }, now);
        Assert.False(queue.IsOutranked("s/cpu", "own", now));
        queue.Announce(new JobWork("urgent", 1, now, [0]), now);
        Assert.True(queue.IsOutranked("s/cpu", "own", now));
        Assert.False(queue.IsOutranked("s/cpu", "urgent", now));
    }
}
