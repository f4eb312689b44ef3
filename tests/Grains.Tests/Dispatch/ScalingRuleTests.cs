using CsCheck;
using MaskRcnn.Grains.Dispatch;

namespace MaskRcnn.Grains.Tests.Dispatch;

public sealed class ScalingRuleTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly DispatchOptions Options = new() { MaxWorkers = 50 };

    private static readonly Gen<JobWork> AnyJob =
        from open in Gen.Long[0, 2000]
        from waitingShare in Gen.Double[0, 1]
        from left in Gen.Double[0, 100_000].Select(Gen.Bool, (value, isKnown) => isKnown ? value : (double?)null)
        from deadline in Gen.Double[-3600, 7200].Select(Gen.Bool, (value, isKnown) => isKnown ? value : (double?)null)
        from most in Gen.Int[1, 200].Select(Gen.Bool, (value, isKnown) => isKnown ? value : (int?)null)
        from tenant in Gen.Int[0, 2].Select(i => new[] { null, "small", "large" }[i])
        from paused in Gen.Bool
        select new JobWork("job", 0, Now, [0])
        {
            Tenant = tenant,
            Demand = paused ? null : new JobDemand(open, (long)(open * waitingShare), left, deadline is { } s ? Now + TimeSpan.FromSeconds(s) : null, most),
        };

    [Theory]
    // open shards, device-seconds left, seconds to the deadline, cap: wanted
    [InlineData(1000, 36_000.0, 3600.0, null, 10)]
    [InlineData(1000, 36_001.0, 3600.0, null, 11)]
    [InlineData(7, 36_000.0, 3600.0, null, 7)]
    [InlineData(1000, 1e9, 3600.0, null, 50)]
    [InlineData(1000, 1e9, 3600.0, 12, 12)]
    [InlineData(1000, 10.0, -1.0, null, 50)]
    [InlineData(3, 10.0, -1.0, null, 3)]
    [InlineData(1000, null, 3600.0, null, 4)]
    [InlineData(2, null, 3600.0, null, 2)]
    [InlineData(1000, null, -1.0, null, 4)]
    [InlineData(5, 0.0, 3600.0, null, 1)]
    [InlineData(0, 0.0, 3600.0, null, 0)]
    public void Wanted_is_the_least_of_cap_open_shards_and_what_the_deadline_needs(long open, double? left, double deadline, int? cap, int wanted)
    {
        var job = new JobWork("job", 0, Now, [0]) { Demand = new JobDemand(open, open, left, Now + TimeSpan.FromSeconds(deadline), cap) };
        ScalingSignal signal = ScalingRule.Judge("default", [job], 0, 0, Options, Now);
        Assert.True(wanted == signal.Wanted, $"{signal.Wanted} for {open} open shards: {signal.Reason}");
        Assert.NotEmpty(signal.Reason);
    }

    [Fact]
    public void Rules_hold_for_any_jobs()
    {
        var options = Options with { TenantDevices = new Dictionary<string, int> { ["small"] = 3, ["large"] = 1000 } };
        Gen.Select(AnyJob.Array[0, 6], Gen.Int[0, 100]).Sample((jobs, busy) =>
        {
            ScalingSignal signal = ScalingRule.Judge("p", jobs, busy, busy, options, Now);
            JobWork[] open = [.. jobs.Where(job => job.Demand is { OpenShards: > 0 })];
            // 0 only if no shard is open; paused jobs want none.
            Assert.Equal(open.Length == 0, signal.Wanted == 0);
            // Not below the busy ones while shards wait.
            bool waits = open.Any(job => job.Demand!.WaitingShards > 0);
            if (waits) Assert.True(signal.Wanted >= busy);
            // Never more than the sum of what each could use, unless so many are busy.
            long most = open.Sum(job => Math.Min(job.Demand!.OpenShards, job.Demand.MaxWorkers ?? options.MaxWorkers));
            Assert.True(signal.Wanted <= Math.Max(most, waits ? busy : 0));
            long ofSmall = open.Where(job => job.Tenant == "small").Sum(job => job.Demand!.OpenShards);
            if (open.All(job => job.Tenant == "small") && !(waits && busy > 3)) Assert.True(signal.Wanted <= Math.Min(3, ofSmall));
            // One more job never wants fewer.
            ScalingSignal more = ScalingRule.Judge("p", [.. jobs, new JobWork("one", 0, Now, [0]) { Demand = new JobDemand(10, 10, 100, Now.AddHours(1), null) }], busy, busy, options, Now);
            Assert.True(more.Wanted >= signal.Wanted);
        });
    }

    [Theory]
    [InlineData(1, 3600)]
    [InlineData(2, 600)]
    [InlineData(3, 60)]
    public void A_pool_that_follows_the_signal_does_not_shrink_in_the_middle_of_a_job_and_ends_in_time(int seed, double deadlineSeconds)
    {
        // 400 shards of 20 s, twice as long or half as long by chance; a worker takes 120 s to come, and goes at once.
        const int Shards = 400;
        const double ShardSeconds = 20, Delay = 120;
        var random = new Random(seed);
        double[] durations = [.. Enumerable.Range(0, Shards).Select(_ => ShardSeconds * (.5 + 1.5 * random.NextDouble()))];
        double used = 0;
        int given = 0, committed = 0, most = 0;
        List<double> comes = [];
        List<double> ends = [];
        for (double now = 0; committed < Shards; now++)
        {
            Assert.True(now < 20_000, "It does not end.");
            double ended = now;
            foreach (double end in ends.Where(end => end <= ended).ToArray())
            {
                ends.Remove(end);
                used += durations[committed++];
            }
            int workers = comes.Count(at => at <= ended);
            while (ends.Count < workers && given < Shards) ends.Add(now + durations[given++]);
            long open = Shards - committed;
            if (open == 0) break;
            var job = new JobWork("job", 0, Now, [0]) { Demand = new JobDemand(open, Shards - given, committed > 0 ? used / committed * open : null, Now + TimeSpan.FromSeconds(deadlineSeconds), null) };
            int wanted = ScalingRule.Judge("default", [job], ends.Count, workers, Options, Now + TimeSpan.FromSeconds(now)).Wanted;
            if (given < Shards) Assert.True(wanted >= ends.Count, $"After {now} s {wanted} are wanted, {ends.Count} are busy and {Shards - given} shards wait.");
            most = Math.Max(most, wanted);
            while (comes.Count < wanted) comes.Add(now + Delay);
            if (comes.Count > wanted) comes.RemoveRange(wanted, comes.Count - wanted);
            if (deadlineSeconds >= 3600) Assert.True(now < deadlineSeconds * 1.1, $"It ends after {now} s.");
        }
        Assert.InRange(most, 1, Options.MaxWorkers);
    }
}
