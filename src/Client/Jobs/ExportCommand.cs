using System.CommandLine;
using System.Globalization;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Client.Exports;
using MaskRcnn.Client.Results;

namespace MaskRcnn.Client.Jobs;

/// <summary><c>maskrcnn job export</c>.</summary>
internal static class ExportCommand
{
    public static Command Create(ConnectToCluster connect)
    {
        var job = new Argument<string>("job") { Description = "The job's id or name; or its folder, '<output>/<job>', as a path with '/' or a URI: then no cluster is needed.", HelpName = "JOB" };
        var format = new Option<string>("--format") { Description = $"What to write: {string.Join(", ", ExportFormats.All)}.", HelpName = "FORMAT", Required = true };
        format.AcceptOnlyFromAmong([.. ExportFormats.All]);
        var to = new Option<string>("--output", "-o") { Description = "Where to: a folder, az://container/prefix, or https://….", HelpName = "URI", Required = true };
        Option<double?> score = NumberOption.Real("--score-threshold", "Leave out detections with a lower score, 0 to 1. [default: 0]", 0, 1);
        Option<string[]?> categories = ListOption.Create("--category", "Only detections of these categories, by name or id. [default: all]", "a category", (string text, out string value) => (value = text).Length > 0);
        Option<bool> overwrite = CommandConventions.Overwrite();
        var command = new Command("export", "Write a job's detections as a COCO data set, YOLO texts, panoptic or label map PNGs, or a Parquet table.") { job, format, to, score, categories, overwrite };
        return command.MayUseCluster(
            connect, "maskrcnn job export photos --format coco --output photos-coco",
            async (arguments, output, open, cancellation) =>
            {
                string target = JobUri.Folder(arguments.GetRequiredValue(to), "--output");
                JobResults results = await OpenAsync(arguments.GetRequiredValue(job), open, cancellation);
                ExportReport report = await ExportAsync(results, target, output, new ExportOptions
                {
                    Format = ExportFormats.Find(arguments.GetRequiredValue(format))!.Value,
                    ScoreThreshold = arguments.GetValue(score) ?? 0,
                    Categories = arguments.GetValue(categories) ?? [],
                    Overwrite = arguments.GetValue(overwrite),
                }, cancellation);
                if (output.Json) output.WriteJson(json => ExportSummary.Write(json, report));
                else ExportSummary.Write(output.Out, report);
                return ExitCode.Ok;
            },
            arguments => JobUri.Folder(arguments.GetRequiredValue(to), "--output"));
    }

    private static async Task<JobResults> OpenAsync(string job, Func<Task<MaskRcnnClient>> open, CancellationToken cancellation)
    {
        if (JobUri.JobFolder(job, "the job") is { } folder) return await JobResults.OpenAsync(folder, cancellation);
        await using MaskRcnnClient client = await open();
        return await (await client.GetJobAsync(job, cancellation)).OpenResultsAsync(cancellation);
    }

    private static async Task<ExportReport> ExportAsync(JobResults results, string target, CommandOutput output, ExportOptions options, CancellationToken cancellation)
    {
        var line = new StatusLine(output.Error, TimeProvider.System);
        try
        {
            return await results.ExportAsync(target, options with { Progress = new Exported(line) }, cancellation);
        }
        finally
        {
            line.Clear();
        }
    }

    private sealed class Exported(StatusLine line) : IProgress<ExportProgress>
    {
        private long _shown;

        public void Report(ExportProgress value)
        {
            // Every image would be a write to the terminal.
            if (value.Images - _shown < value.Total / 200 && value.Images < value.Total) return;
            _shown = value.Images;
            line.Show(string.Create(CultureInfo.InvariantCulture, $"{value.Images:N0} of {value.Total:N0} images exported"));
        }
    }
}
