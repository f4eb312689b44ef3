using System.Globalization;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Workers;
using Spectre.Console;

namespace MaskRcnn.Client.Jobs;

/// <summary>A job's description for people: words first, then tables.</summary>
internal static class DescriptionText
{
    public static void Write(CommandOutput output, JobDescription description, IReadOnlyList<string> explanation, DateTimeOffset now)
    {
        foreach (string sentence in explanation) output.Out.WriteLine(sentence);
        output.Out.WriteLine();
        JobText.Write(output.Out, description.Status);
        if (description.Shards.Count > 0)
            output.Out.WriteLine($"Shards   {string.Join(", ", description.Shards.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{Number(pair.Value)} {pair.Key}"))}");
        if (description.Threads.Count > 0) output.Out.WriteLine($"Threads  {string.Join(", ", description.Threads.Select(count => Number(count)))}");
        if (description.Leases.Count > 0) WriteLeases(output, description.Leases, now);
        if (description.FailedAttempts.Count > 0) WriteAttempts(output, description.FailedAttempts, now);
        output.Out.WriteLine();
        WriteWorkers(output, description.Workers, now);
    }

    public static void WriteWorkers(CommandOutput output, IReadOnlyList<WorkerReport> workers, DateTimeOffset now)
    {
        if (workers.Count == 0)
        {
            output.Out.WriteLine("No worker is connected.");
            return;
        }
        Table table = NewTable("worker", "host", "process", "device", "state", "shards", "images", "images/s", "last heard of");
        foreach (WorkerReport worker in workers)
        {
            table.AddRow(
                PlainText.InTable(worker.Worker), PlainText.InTable(worker.Host), worker.ProcessId.ToString(CultureInfo.InvariantCulture), PlainText.InTable(worker.Device), PlainText.InTable(worker.State),
                Number(worker.Shards.Count), Number(worker.Images), JobText.Rate(worker.ImagesPerSecond), JobText.Ago(now - worker.LastHeartbeat));
        }
        output.Console.Write(table);
    }

    /// <summary>A job's name, and its id if that is another.</summary>
    public static string Title(string name, string id) => name == id ? PlainText.WithoutControls(name) : $"{PlainText.WithoutControls(name)} ({PlainText.WithoutControls(id)})";

    public static Table NewTable(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (string column in columns) table.AddColumn(new TableColumn(Markup.Escape(column)) { NoWrap = true, Padding = new Padding(0, 0, 1, 0) });
        return table;
    }

    private static void WriteLeases(CommandOutput output, IReadOnlyList<LeaseReport> leases, DateTimeOffset now)
    {
        output.Out.WriteLine();
        output.Out.WriteLine("Leases, oldest first");
        Table table = NewTable("shard", "images", "worker", "lease", "begun", "held for", "renewed", "suspicions");
        foreach (LeaseReport lease in leases)
        {
            table.AddRow(
                lease.Shard, $"{Number(lease.ImagesDone)}/{Number(lease.Images)}", PlainText.InTable(lease.Worker), Number(lease.Epoch), lease.Begun ? "yes" : "no",
                JobText.Span(now - lease.Since), JobText.Ago(now - lease.LastRenewal), Number(lease.Suspicions));
        }
        output.Console.Write(table);
    }

    private static void WriteAttempts(CommandOutput output, IReadOnlyList<AttemptReport> attempts, DateTimeOffset now)
    {
        output.Out.WriteLine();
        output.Out.WriteLine("Attempts that came to nothing, newest first");
        Table table = NewTable("shard", "attempt", "worker", "ended", "after", "how", "suspicion");
        foreach (AttemptReport attempt in attempts)
        {
            table.AddRow(
                attempt.Shard, PlainText.InTable(attempt.Attempt), PlainText.InTable(attempt.Worker), JobText.Ago(now - attempt.Ended), JobText.Span(attempt.Ended - attempt.Since),
                PlainText.InTable(attempt.How), attempt.Suspicion ? "yes" : "no");
        }
        output.Console.Write(table);
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
