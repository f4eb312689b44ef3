using MaskRcnn.Chaos.Faults;
using MaskRcnn.Grains.Partitions;

namespace MaskRcnn.Chaos.Evidence;

/// <summary>How long it took until a fault was made up for.</summary>
internal static class Recovery
{
    /// <summary>
    /// After a worker's fault the time to the first new lease of each shard that it held, or to its record, if that came first, or until one that
    /// was stopped, and kept its lease, renews it when it goes on; after any other fault the time to the next record, and after those of coordinators and Redis to a lease that is given
    /// or renewed, too: records are put without them. While storage is away nothing can be recorded: its time begins when it is back.
    /// </summary>
    public static IEnumerable<(FaultKind Kind, double Seconds)> Of(IReadOnlyList<Hit> hits, Timeline timeline) =>
        hits.SelectMany(hit => Of(hit, timeline), (hit, seconds) => (hit.Kind, seconds));

    /// <summary>Whether all that a fault has interrupted goes on, and it is over itself.</summary>
    public static bool IsComplete(Hit hit, Timeline timeline) => hit.IsOver && Of(hit, timeline).Count() >= (hit.IsOnWorker ? hit.Held.Count(shard => !timeline.Commits.Any(commit => commit.Shard == shard && commit.At <= hit.At)) : 1);

    private static IEnumerable<double> Of(Hit hit, Timeline timeline)
    {
        IReadOnlyList<(DateTimeOffset At, string Shard, string Attempt)> commits = timeline.Commits;
        LeaseReport[] leases = [.. timeline.Looks.SelectMany(look => look.Leases)];
        if (!hit.IsOnWorker)
        {
            DateTimeOffset from = hit.Kind == FaultKind.StorageAway ? hit.Until : hit.At;
            // Until the silos have noticed that Redis knows them no more all goes on.
            DateTimeOffset since = hit.Kind == FaultKind.LoseRedis ? hit.Until : from;
            DateTimeOffset? record = First(commits.Where(commit => commit.At > since).Select(commit => commit.At));
            DateTimeOffset? lease = hit.Kind is FaultKind.StorageAway or FaultKind.StorageErrors ? from
                : First(leases.Select(one => one.Since > one.LastRenewal ? one.Since : one.LastRenewal).Where(at => at > since));
            if (record > lease) yield return (record.Value - from).TotalSeconds;
            else if (record is not null && lease is not null) yield return (lease.Value - from).TotalSeconds;
            yield break;
        }
        foreach (string shard in hit.Held)
        {
            IEnumerable<DateTimeOffset> leased = leases.Where(lease => IsWithin(lease.Shard, shard) && lease.Since > hit.At).Select(lease => lease.Since);
            IEnumerable<DateTimeOffset> renewed = leases.Where(lease => hit.Kind == FaultKind.StopWorker && lease.Shard == shard && lease.Since <= hit.At && lease.LastRenewal > hit.Until).Select(lease => lease.LastRenewal);
            IEnumerable<DateTimeOffset> committed = commits.Where(commit => commit.Shard == shard && commit.At > hit.At).Select(commit => commit.At);
            if (First(leased.Concat(renewed).Concat(committed)) is { } first) yield return (first - hit.At).TotalSeconds;
        }
    }

    private static DateTimeOffset? First(IEnumerable<DateTimeOffset> times) => times.Select(time => (DateTimeOffset?)time).Min();

    private static bool IsWithin(string shard, string ancestor) =>
        shard == ancestor || (shard.StartsWith(ancestor, StringComparison.Ordinal) && shard[ancestor.Length] == '.');
}
