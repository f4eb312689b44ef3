using System.CommandLine;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Client.Results;

namespace MaskRcnn.Client.Jobs;

/// <summary><c>maskrcnn job results</c>.</summary>
internal static class ResultsCommand
{
    public static Command Create(ConnectToCluster connect)
    {
        Argument<string> job = ClusterCommand.Job();
        var folder = new Option<string?>("--output", "-o") { Description = "Also copy the result's files here, each checked against its hash.", HelpName = "DIR" };
        Option<bool> overwrite = CommandConventions.Overwrite();
        Option<double?> price = DeviceTimeText.PriceOption();
        Option<long?> generation = NumberOption.Whole("--generation", "Whose result, of a job that was retried. [default: the newest]", 1, int.MaxValue);
        var command = new Command("results", "Say where a job's result is, and its numbers; or fetch it.") { job, folder, overwrite, generation, price };
        return command.DoesOnCluster(
            connect, "maskrcnn job results photos --output photos-result",
            async (arguments, output, client, cancellation) =>
            {
                JobHandle handle = await client.GetJobAsync(arguments.GetRequiredValue(job), cancellation);
                JobResults results = await handle.OpenResultsAsync((int?)arguments.GetValue(generation), cancellation);
                string? target = arguments.GetValue(folder) is { } to ? Path.GetFullPath(to) : null;
                if (target is not null) await DownloadAsync(results, target, output, client.Options.TimeProvider, cancellation);
                ResultsReport report = await ResultsReport.ReadAsync(handle, results, target, arguments.GetValue(price), cancellation);
                if (output.Json) output.WriteJson(report.Write);
                else report.Write(output.Out);
                return ExitCode.Ok;
            },
            arguments =>
            {
                if (arguments.GetValue(folder) is not { } target)
                {
                    if (arguments.GetValue(overwrite)) throw CommandException.Usage("--overwrite is for --output DIR, which is not there.");
                    return;
                }
                if (string.IsNullOrWhiteSpace(target)) throw CommandException.Usage("--output is empty; expected a folder.");
                if (File.Exists(target)) throw CommandException.Usage($"--output {target} is a file; expected a folder.");
                OutputPath.CheckFree(target, arguments.GetValue(overwrite));
            });
    }

    private static async Task DownloadAsync(JobResults results, string target, CommandOutput output, TimeProvider time, CancellationToken cancellation)
    {
        var line = new StatusLine(output.Error, time);
        try
        {
            await results.DownloadAsync(target, new Copied(line, results.Manifest.Files.Sum(file => file.Size)), cancellation);
        }
        finally
        {
            line.Clear();
        }
    }

    private sealed class Copied(StatusLine line, long total) : IProgress<long>
    {
        private long _shown;

        public void Report(long value)
        {
            // Every buffer would be a write to the terminal.
            if (value - _shown < total / 200 && value < total) return;
            _shown = value;
            line.Show($"{DryRunOutput.Size(value)} of {DryRunOutput.Size(total)} copied");
        }
    }
}
