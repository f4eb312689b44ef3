using MaskRcnn.Chaos.Faults;
using MaskRcnn.Grains.Partitions;

namespace MaskRcnn.Chaos.Evidence;

/// <summary>Whether a worker that has lost a lease, as it was stopped, drops the shard when it goes on.</summary>
internal static class Zombies
{
    /// <summary>Images that a process worked on long after another had their shard.</summary>
    /// <param name="told">How long after it goes on it may still work: until it renews its lease and is told, and has finished the images that are in the model.</param>
    /// <param name="hits">The faults.</param>
    /// <param name="timeline">What the cluster said.</param>
    /// <param name="tree">The commit records.</param>
    /// <param name="inferences">Which process gave which image to the model, and when.</param>
    /// <param name="workerOf">The worker that lived in a process.</param>
    public static IEnumerable<string> Violations(TimeSpan told, IReadOnlyList<Hit> hits, Timeline timeline, CommitTree tree, IReadOnlyList<(DateTimeOffset At, int Process, long Image)> inferences, Func<int, string?> workerOf)
    {
        IReadOnlyList<Look> looks = timeline.Looks;
        Hit[] stops = [.. hits.Where(hit => hit.Kind == FaultKind.StopWorker)];
        foreach ((DateTimeOffset at, int process, long image) in inferences)
        {
            if (workerOf(process) is not { } worker || !stops.Any(stop => stop.Until + told < at && at - stop.Until < 3 * told)) continue;
            // Whoever could tell it must have been there.
            if (hits.Any(hit => hit.Kind != FaultKind.StopWorker && hit.At < at && hit.Until > at - 2 * told && !hit.IsOnWorker)) continue;
            Look[] recent = [.. looks.Where(look => look.At > at - told && look.At <= at)];
            if (recent.Length < 5) continue;
            LeaseReport[][] leases = [.. recent.Select(look => look.Leases.Where(lease => tree.RangeOf(lease.Shard) is { } range && range.First <= image && image < range.End).ToArray())];
            // At the job's end a shard is leased to two.
            if (leases.Any(of => of.Any(lease => lease.Worker == worker))) continue;
            LeaseReport?[] owners = [.. leases.Select(of => of.FirstOrDefault())];
            if (owners.All(owner => owner is not null && owner.Worker != worker && owner.Since < at - told) && owners.Select(owner => owner!.Worker).Distinct().Count() == 1)
                yield return $"Image {image} was given to the model by {worker} at {at:O}, though {owners[0]!.Worker} has its shard {owners[0]!.Shard} since {owners[0]!.Since:O}; expected that a worker drops a shard whose lease it has lost.";
        }
    }
}
