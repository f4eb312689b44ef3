using MaskRcnn.Chaos.Faults;

namespace MaskRcnn.Chaos.Evidence;

/// <summary>How long it took until a fault was made up for.</summary>
internal static class Recovery
{
    /// <summary>
    /// After a worker's fault the time to the first new lease of each shard that it held, or to its record, if that came first, or until one that
    /// was stopped, and kept its lease, renews it when it goes on; after any other fault the time to the next record. While storage is away nothing can be recorded: its time begins when it is back.
    /// </summary>
    public static IEnumerable<(FaultKind Kind, double Seconds)> Of(IReadOnlyList<Hit> hits, Timeline timeline)
    {
        IReadOnlyList<Look> looks = timeline.Looks;
        IReadOnlyList<(DateTimeOffset At, string Shard, string Attempt)> commits = timeline.Commits;
        foreach (Hit hit in hits)
        {
            if (!hit.IsOnWorker)
            {
                DateTimeOffset from = hit.Kind == FaultKind.StorageAway ? hit.Until : hit.At;
                if (commits.Where(commit => commit.At > from).Select(commit => commit.At).DefaultIfEmpty().Min() is var next && next != default) yield return (hit.Kind, (next - from).TotalSeconds);
                continue;
            }
            foreach (string shard in hit.Held)
            {
                IEnumerable<DateTimeOffset> leased = looks.SelectMany(look => look.Leases).Where(lease => IsWithin(lease.Shard, shard) && lease.Since > hit.At).Select(lease => lease.Since);
                IEnumerable<DateTimeOffset> renewed = looks.SelectMany(look => look.Leases)
                    .Where(lease => hit.Kind == FaultKind.StopWorker && lease.Shard == shard && lease.Since <= hit.At && lease.LastRenewal > hit.Until).Select(lease => lease.LastRenewal);
                IEnumerable<DateTimeOffset> committed = commits.Where(commit => commit.Shard == shard && commit.At > hit.At).Select(commit => commit.At);
                if (leased.Concat(renewed).Concat(committed).DefaultIfEmpty().Min() is var first && first != default) yield return (hit.Kind, (first - hit.At).TotalSeconds);
            }
        }
    }

    private static bool IsWithin(string shard, string ancestor) =>
        shard == ancestor || (shard.StartsWith(ancestor, StringComparison.Ordinal) && shard[ancestor.Length] == '.');
}
