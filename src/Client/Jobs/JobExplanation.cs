using System.Globalization;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Workers;

namespace MaskRcnn.Client.Jobs;

/// <summary>A description in words: what the job waits for, the most telling first.</summary>
internal static class JobExplanation
{
    /// <summary>A lease lives for this long by default; who is silent for longer is probably dead.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    /// <summary>Shards are cut for 10 to 30 s of work.</summary>
    private static readonly TimeSpan LongWork = TimeSpan.FromMinutes(3);

    /// <summary>A shard that was given back longer ago has been worked on since.</summary>
    private static readonly TimeSpan Recently = TimeSpan.FromMinutes(2);

    /// <summary>Attempts that end so say nothing about the job; all other ends are what a worker gave as its reason.</summary>
    private static readonly string[] OtherEnds = ["released", "another attempt was first", "its lease ran out", "its silo died"];

    private const int ShardsNamed = 5;

    public static IReadOnlyList<string> Of(JobDescription description, DateTimeOffset now)
    {
        JobStatus status = description.Status;
        List<string> sentences = [];
        if (status.State.IsFinal())
        {
            sentences.Add(status.Finished is { } finished ? $"It ended as {status.State} {JobText.Ago(now - finished)}." : $"It ended as {status.State}.");
            if (status.Reason is { } why) sentences.Add(Sentence(why));
            return sentences;
        }
        if (status.State == JobState.Paused) sentences.Add($"It is paused; 'maskrcnn job resume {PlainText.WithoutControls(status.Name)}' goes on.");
        if (status.State == JobState.Created) sentences.Add("It is written down, and its listing has not begun.");
        if (status.State == JobState.Reducing) sentences.Add("Every shard is committed; the result is being written.");
        if (status.Reason is { } reason) sentences.Add(Sentence(reason));
        if (description.Workers.Count == 0 && status.State != JobState.Reducing) sentences.Add("No worker is connected; 'maskrcnn up --workers N' starts some.");
        if (status.State != JobState.Reducing)
        {
            sentences.AddRange(Leases(description, now));
            sentences.AddRange(Suspects(description));
            sentences.AddRange(GivenBack(description, now));
            if (!status.ListingDone) sentences.Add(Text($"The collection is still being listed; {status.Images.Total:N0} images were found so far."));
        }
        foreach (WorkerReport worker in description.Workers.Where(w => now - w.LastHeartbeat > Silence))
            sentences.Add($"Worker {Plain(worker.Worker)} was last heard of {JobText.Ago(now - worker.LastHeartbeat)}.");
        return sentences;
    }

    private static IEnumerable<string> Leases(JobDescription description, DateTimeOffset now)
    {
        long leased = Math.Max(description.Shards.GetValueOrDefault("leased"), description.Leases.Count), waiting = description.Shards.GetValueOrDefault("waiting");
        if (leased == 0 || description.Leases.Count == 0)
        {
            if (leased == 0 && waiting > 0) yield return NothingLeased(description, waiting);
            yield break;
        }
        // Shards that were split are no work: their children are.
        long all = leased + waiting + description.Shards.GetValueOrDefault("committed");
        LeaseReport oldest = description.Leases[0];
        yield return Text($"{leased:N0} of {all:N0} shards {(leased == 1 ? "is" : "are")} leased; the oldest lease ({oldest.Shard}) was renewed {JobText.Ago(now - oldest.LastRenewal)} by {Plain(oldest.Worker)}.");
        foreach (LeaseReport lease in description.Leases.Where(l => now - l.LastRenewal > Silence))
            yield return Text($"The lease of shard {lease.Shard} was not renewed for {JobText.Span(now - lease.LastRenewal)}: {Plain(lease.Worker)} is dead or hangs, and the shard will be given to another.");
        foreach (LeaseReport lease in description.Leases.Where(l => l.Begun && now - l.LastRenewal <= Silence && now - l.Since > LongWork))
            yield return Text($"{Plain(lease.Worker)} has worked on shard {lease.Shard} for {JobText.Span(now - lease.Since)}: {lease.ImagesDone:N0} of {lease.Images:N0} images are done.");
    }

    private static string NothingLeased(JobDescription description, long waiting)
    {
        string shards = Text($"{waiting:N0} {(waiting == 1 ? "shard waits" : "shards wait")}");
        if (description.Status.State == JobState.Paused) return $"{shards} until it is resumed.";
        if (description.Workers.Count == 0) return $"{shards} for a worker.";
        int busy = description.Workers.Count(w => w.Shards.Count > 0);
        return busy == description.Workers.Count
            ? Text($"{shards}: all {busy:N0} workers are busy with other jobs; a higher --priority goes first.")
            : $"{shards} and none is leased. The workers are: {string.Join(", ", description.Workers.GroupBy(w => w.State).OrderByDescending(g => g.Count()).Select(g => Text($"{g.Count():N0} {Plain(g.Key)}")))}.";
    }

    private static IEnumerable<string> Suspects(JobDescription description)
    {
        foreach (LeaseReport lease in description.Leases.Where(l => l.Suspicions > 0).Take(ShardsNamed))
            yield return Text($"Shard {lease.Shard} has lost {Workers(lease.Suspicions)} and is being tried {(lease.Images == 1 ? "alone" : "again")}.");
        HashSet<string> leased = [.. description.Leases.Select(l => l.Shard)];
        foreach (IGrouping<string, AttemptReport> shard in description.FailedAttempts.Where(a => a.Suspicion && !leased.Contains(a.Shard)).GroupBy(a => a.Shard).Take(ShardsNamed))
            yield return $"Shard {shard.Key} has lost {Workers(shard.Count())}.";
    }

    /// <summary>The last shard that a worker could not finish, such as for a full disk.</summary>
    private static IEnumerable<string> GivenBack(JobDescription description, DateTimeOffset now) => description.FailedAttempts
        .Where(a => !a.Suspicion && now - a.Ended < Recently && !OtherEnds.Contains(a.How)).Take(1)
        .Select(a => Sentence($"Shard {a.Shard} was given back {JobText.Ago(now - a.Ended)} by {a.Worker}: {a.How}"));

    private static string Workers(int count) => count == 1 ? "a worker" : Text($"{count:N0} workers");

    private static string Sentence(string text) => Plain(text).TrimEnd('.') + ".";

    private static string Plain(string text) => PlainText.WithoutControls(text);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
