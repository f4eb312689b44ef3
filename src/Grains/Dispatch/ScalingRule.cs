using System.Globalization;

namespace MaskRcnn.Grains.Dispatch;

/// <summary>How many workers a pool should have. A function of what is to be done, of those that work, and of the time; see docs/scheduling.md.</summary>
internal static class ScalingRule
{
    /// <summary>What a job wants at most until it is known how long its images take.</summary>
    public const int UntilRateIsKnown = 4;

    /// <summary>The signal of a pool.</summary>
    /// <param name="pool">Its name.</param>
    /// <param name="jobs">Its jobs; those without demand want none.</param>
    /// <param name="busy">Its workers that have a shard.</param>
    /// <param name="workers">Its workers.</param>
    /// <param name="options">Caps.</param>
    /// <param name="now">The time.</param>
    public static ScalingSignal Judge(string pool, IEnumerable<JobWork> jobs, int busy, int workers, DispatchOptions options, DateTimeOffset now)
    {
        JobWork[] open = [.. jobs.Where(job => job.Demand is { OpenShards: > 0 })];
        if (open.Length == 0) return new ScalingSignal(pool, 0, busy, workers, 0, "no shard is open");
        (JobWork Job, int Wanted, string Reason)[] wants = [.. open.Select(job => Want(job, options, now))];
        long sum = wants.GroupBy(want => want.Job.Tenant).Sum(tenant => Math.Min(tenant.Sum(want => (long)want.Wanted), CapOf(tenant.Key, options)));
        int wanted = (int)Math.Min(sum, int.MaxValue);
        (_, int most, string reason) = wants.MaxBy(want => want.Wanted);
        if (open.Length > 1) reason = string.Create(CultureInfo.InvariantCulture, $"{open.Length} jobs; most of them, {most}, for one: {reason}");
        if (wanted < sum || sum < wants.Sum(want => (long)want.Wanted)) reason += "; a tenant's limit holds";
        if (wanted < busy && open.Any(job => job.Demand!.WaitingShards > 0))
        {
            reason = string.Create(CultureInfo.InvariantCulture, $"{busy} are busy and shards wait; {wanted} would do by the deadline ({reason})");
            wanted = busy;
        }
        return new ScalingSignal(pool, wanted, busy, workers, open.Sum(job => job.Demand!.DeviceSecondsLeft ?? 0), reason);
    }

    private static (JobWork Job, int Wanted, string Reason) Want(JobWork job, DispatchOptions options, DateTimeOffset now)
    {
        JobDemand demand = job.Demand!;
        long cap = Math.Min(demand.MaxWorkers ?? options.MaxWorkers, CapOf(job.Tenant, options));
        long most = Math.Min(cap, demand.OpenShards);
        if (demand.DeviceSecondsLeft is not { } left || demand.Deadline is not { } deadline)
            return Of(UntilRateIsKnown, $"nothing is committed yet, {UntilRateIsKnown} at most");
        double time = (deadline - now).TotalSeconds;
        if (time <= 0) return Of(most, $"its deadline has passed, the cap of {cap}");
        double need = Math.Max(1, Math.Ceiling(left / time));
        return Of((long)Math.Min(need, most), $"{left:F0} device-seconds in {time:F0} s");

        (JobWork, int, string) Of(long wanted, FormattableString reason)
        {
            string text = reason.ToString(CultureInfo.InvariantCulture);
            if (demand.OpenShards < wanted || (demand.OpenShards == most && wanted == most)) text += string.Create(CultureInfo.InvariantCulture, $"; {demand.OpenShards} shards are open");
            return (job, (int)Math.Min(wanted, most), text);
        }
    }

    private static long CapOf(string? tenant, DispatchOptions options) => tenant is not null && options.TenantDevices.TryGetValue(tenant, out int most) ? most : int.MaxValue;
}
