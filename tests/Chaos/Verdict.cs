using System.Text.RegularExpressions;
using MaskRcnn.Chaos.Evidence;
using MaskRcnn.Chaos.Faults;
using MaskRcnn.Cluster.Tests.Redis;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Chaos;

/// <summary>What must hold of a run, whatever was done to it.</summary>
internal sealed partial class Verdict(
    ChaosSettings settings, FaultSchedule schedule, RedisCluster cluster, IReadOnlyList<Hit> hits, Timeline timeline, CommitTree tree,
    IReadOnlyList<(DateTimeOffset At, int Process, long Image)> inferences)
{
    private readonly Dictionary<string, string> _places = cluster.Places.ToDictionary(place => FormattableString.Invariant($"{place.Port}"), place => place.Name, StringComparer.Ordinal);

    public IEnumerable<string> Violations(TimeSpan duration)
    {
        JobStatus end = timeline.Last!.Status;
        if (end.State != JobState.CompletedWithErrors) yield return $"The job ended as {end.State}: {end.Reason}; expected {JobState.CompletedWithErrors}.";
        int bad = ChaosCollection.Broken + (settings.HasDeadly ? 1 : 0);
        var expected = new ImageCounts(settings.Images, settings.Images - bad, bad);
        if (end.Images != expected) yield return $"The job counted {end.Images}; expected {expected}.";
        ImageCounts summed = new(tree.Leaves.Sum(leaf => leaf.Count), tree.Leaves.Sum(leaf => leaf.Done), tree.Leaves.Sum(leaf => leaf.Failed));
        if (summed != expected) yield return $"The records sum to {summed}; expected {expected}.";
        if (timeline.Last.Leases.Count > 0) yield return $"Leases are left: {string.Join(", ", timeline.Last.Leases)}.";
        foreach (string shard in tree.Unreachable) yield return $"The record of shard {shard} is below one that does not name it.";
        foreach (string name in timeline.Changed) yield return $"The record {name} was changed after it was put.";
        foreach (string text in KeptLeases.Violations(hits, [.. cluster.Ends.Select(e => (e.Name, e.At))], timeline, NameOf)) yield return text;
        foreach (string text in Zombies.Violations(settings.Told, hits, timeline, tree, inferences, WorkerOf).Take(5)) yield return text;
        foreach ((FaultKind kind, double seconds) in Recovery.Of(hits, timeline).Where(r => r.Seconds > settings.MostRecoverySeconds)) yield return FormattableString.Invariant($"After {kind} it took {seconds:F0} s to recover; expected at most {settings.MostRecoverySeconds}.");
        if (schedule == FaultSchedule.None)
        {
            if (duration.TotalSeconds < settings.LeastSeconds) yield return FormattableString.Invariant($"Undisturbed the run took {duration.TotalSeconds:F0} s; expected at least {settings.LeastSeconds}: raise {nameof(ChaosSettings.Pace)}.");
            yield break;
        }
        if (hits.Count < settings.LeastFaults) yield return $"{hits.Count} faults hit while the job was running; expected at least {settings.LeastFaults}.";
        if (!hits.Any(hit => hit.State == JobState.Reducing)) yield return "No fault hit while the job was reducing.";
    }

    /// <summary>The process of a worker's id, <c>address:port@generation/device</c>, which its next incarnation shares.</summary>
    private string NameOf(string worker) => Port().Match(worker) is { Success: true } port && _places.TryGetValue(port.Groups[1].Value, out string? name) ? name : worker;

    /// <summary>The id of the worker that lived in a process.</summary>
    private string? WorkerOf(int process) => timeline.Workers.GetValueOrDefault(process);

    [GeneratedRegex(":([0-9]+)@")]
    private static partial Regex Port();
}
