using MaskRcnn.Chaos.Faults;
using MaskRcnn.Grains.Partitions;

namespace MaskRcnn.Chaos.Evidence;

/// <summary>Whether leases outlive their coordinator: a worker that nothing has happened to keeps what it has leased.</summary>
internal static class KeptLeases
{
    /// <summary>A partition stores its leases every second.</summary>
    private static readonly TimeSpan Stored = TimeSpan.FromSeconds(3);

    /// <summary>Redis loses everything, or its last second, or could not be written to before the coordinator had its fault.</summary>
    private static bool MayHaveLost(Hit redis, DateTimeOffset leased, DateTimeOffset fault, DateTimeOffset leasedAgain) => redis.Kind == FaultKind.LoseRedis
        ? redis.Until > leased - Stored && redis.At < leasedAgain
        : (redis.Until > leased - Stored && redis.At < leased + Stored) || (redis.Until > fault - Stored && redis.At < fault + Stored);

    /// <summary>Leases that were lost without a reason.</summary>
    /// <param name="hits">The faults.</param>
    /// <param name="ends">Processes that ended: whose, and when.</param>
    /// <param name="timeline">What the cluster said.</param>
    /// <param name="nameOf">The name of a worker's process, by its id.</param>
    public static IEnumerable<string> Violations(IReadOnlyList<Hit> hits, IReadOnlyList<(string Name, DateTimeOffset At)> ends, Timeline timeline, Func<string, string> nameOf)
    {
        IReadOnlyList<Look> looks = timeline.Looks;
        foreach (Hit hit in hits.Where(hit => hit.Kind is FaultKind.KillCoordinator or FaultKind.DrainCoordinator))
        {
            if (looks.LastOrDefault(look => look.At <= hit.At) is not { } before) continue;
            foreach (LeaseReport lease in before.Leases.Where(lease => lease.Since < hit.At - Stored))
            {
                if (looks.SkipWhile(look => look.At <= hit.At).SelectMany(look => look.Leases).FirstOrDefault(other => other.Shard == lease.Shard && other.Since > lease.Since) is not { } next) continue;
                string name = nameOf(lease.Worker);
                bool isHarmed = ends.Any(end => end.Name == name && end.At > lease.Since && end.At < next.Since)
                    || hits.Any(other => other.Victim == name && other.Until > lease.Since && other.At < next.Since)
                    || hits.Any(other => other.IsOnRedis && MayHaveLost(other, lease.Since, hit.At, next.Since))
                    || looks.SelectMany(look => look.FailedAttempts).Any(attempt => attempt.Shard == lease.Shard && attempt.Since == lease.Since);
                // Its worker gave it back, or another's record came first: there is a report.
                if (!isHarmed) yield return $"Shard {lease.Shard} was leased by {name} since {lease.Since:O} and anew at {next.Since:O} by {nameOf(next.Worker)}, though only {hit.Victim} had a fault ({hit.Kind}); expected that its lease outlives the coordinator.";
            }
        }
    }
}
