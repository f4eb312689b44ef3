using System.CommandLine;
using System.Globalization;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Grains.Jobs;
using Spectre.Console;

namespace MaskRcnn.Client.Jobs;

/// <summary><c>maskrcnn job list</c>.</summary>
internal static class ListCommand
{
    private const int DefaultLimit = 100;
    private const int LargestPage = 1000;

    // By name: the type is of an assembly that other commands do not load.
    private static readonly string[] States = ["Created", "Listing", "Running", "Paused", "Reducing", "Succeeded", "CompletedWithErrors", "Failed", "Cancelled"];

    public static Command Create(ConnectToCluster connect)
    {
        Option<string[]?> state = ListOption.Create("--state", $"Only jobs in these states: {string.Join(", ", States)}.", $"one of {string.Join(", ", States)}", (string text, out string name) =>
        {
            name = States.FirstOrDefault(s => s.Equals(text, StringComparison.OrdinalIgnoreCase)) ?? "";
            return name.Length > 0;
        });
        var name = new Option<string?>("--name") { Description = "Only jobs whose name contains this.", HelpName = "TEXT" };
        Option<long?> limit = NumberOption.Whole("--limit", $"Most jobs. [default: {DefaultLimit}]", 1, 1_000_000);
        var command = new Command("list", "List jobs, newest first.") { state, name, limit };
        return command.DoesOnCluster(connect, "maskrcnn job list --state Running,Paused", async (arguments, output, client, cancellation) =>
        {
            int most = (int)(arguments.GetValue(limit) ?? DefaultLimit);
            var filter = new JobFilter
            {
                States = [.. (arguments.GetValue(state) ?? []).Select(Enum.Parse<JobState>)],
                NameContains = arguments.GetValue(name),
                // One more tells whether there are more.
                PageSize = Math.Min(most + 1, LargestPage),
            };
            List<JobStatus> jobs = [];
            bool more = false;
            await foreach (JobStatus job in client.ListAsync(filter, cancellation))
            {
                more = jobs.Count == most;
                if (more) break;
                jobs.Add(job);
            }
            Write(output, jobs, more, client.Options.TimeProvider.GetUtcNow());
            return ExitCode.Ok;
        });
    }

    private static void Write(CommandOutput output, List<JobStatus> jobs, bool more, DateTimeOffset now)
    {
        if (output.Json)
        {
            output.WriteJson(json =>
            {
                json.WriteStartArray("jobs");
                foreach (JobStatus job in jobs)
                {
                    json.WriteStartObject();
                    JobJson.Write(json, job);
                    json.WriteString("created", job.Created);
                    json.WriteString("output", job.Output);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
                json.WriteBoolean("more", more);
            });
            return;
        }
        if (jobs.Count == 0) output.Out.WriteLine("There are no such jobs.");
        else output.Console.Write(TableOf(jobs, now));
        if (more) output.Error.WriteLine($"There are more than these {jobs.Count}; --limit N lists more.");
    }

    private static Table TableOf(List<JobStatus> jobs, DateTimeOffset now)
    {
        Table table = DescriptionText.NewTable("name", "state", "done", "total", "failed", "images/s", "age");
        foreach (JobStatus job in jobs)
        {
            table.AddRow(
                PlainText.InTable(job.Name), job.State.ToString(), Number(job.Images.Done), Number(job.Images.Total), Number(job.Images.Failed),
                job.State.IsFinal() ? "" : JobText.Rate(job.ImagesPerSecond), JobText.Span(now - job.Created));
        }
        return table;
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
