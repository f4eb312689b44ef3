using System.CommandLine;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Client.Jobs;

/// <summary><c>maskrcnn job submit</c>.</summary>
internal static class SubmitCommand
{
    public static Command Create(ConnectToCluster connect)
    {
        var options = new SubmitOptions();
        var dryRun = new Option<bool>("--dry-run") { Description = "Count and check everything, and start nothing." };
        var watch = new Option<bool>("--watch") { Description = "Follow the job to its end, like 'maskrcnn job watch'." };
        var command = new Command("submit", "Run a model over a collection of images, on the cluster.");
        foreach (Option option in (Option[])[.. options.All, dryRun, watch]) command.Add(option);
        return command.DoesOnCluster(
            connect, "maskrcnn job submit --images photos --model model.safetensors --output results --name photos --watch",
            async (arguments, output, client, cancellation) =>
            {
                JobSpecification specification = options.Read(arguments);
                if (arguments.GetValue(dryRun)) return await DryRunAsync(client, specification, output, cancellation);
                JobHandle job = await client.SubmitAsync(specification, cancellation);
                foreach (string note in job.Notes) output.Warn(PlainText.WithoutControls(note));
                if (!arguments.GetValue(watch)) return Report(job, output);
                if (!output.Json) output.Out.WriteLine($"Job {DescriptionText.Title(job.Name, job.Id)} {(job.Existed ? "is there already" : "is submitted")}.");
                return await WatchCommand.FollowAsync(job, client, output, cancellation);
            },
            arguments =>
            {
                if (arguments.GetValue(dryRun) && arguments.GetValue(watch)) throw CommandException.Usage("--dry-run starts nothing that --watch could follow; expected one of them.");
                options.Read(arguments);
            });
    }

    private static int Report(JobHandle job, CommandOutput output)
    {
        if (output.Json)
        {
            output.WriteJson(json =>
            {
                json.WriteString("job", job.Id);
                json.WriteString("name", job.Name);
                json.WriteString("created", job.Created);
                json.WriteString("output", job.Output);
            });
            return ExitCode.Ok;
        }
        output.Out.WriteLine($"Job {DescriptionText.Title(job.Name, job.Id)} {(job.Existed ? "is there already, with the same parameters" : "is submitted")}; it writes to {PlainText.WithoutControls(job.Output)}");
        output.Out.WriteLine($"Follow it with: maskrcnn job watch {PlainText.WithoutControls(job.Name)}");
        return ExitCode.Ok;
    }

    private static async Task<int> DryRunAsync(MaskRcnnClient client, JobSpecification specification, CommandOutput output, CancellationToken cancellation)
    {
        var line = new StatusLine(output.Error, client.Options.TimeProvider);
        DryRunReport report;
        try
        {
            report = await client.DryRunAsync(specification, new CountedImages(line), cancellation);
        }
        finally
        {
            line.Clear();
        }
        if (output.Json) output.WriteJson(json => DryRunOutput.Write(json, report));
        else DryRunOutput.Write(output.Out, report);
        return report.Problems.Count == 0 ? ExitCode.Ok : ExitCode.Error;
    }

    private sealed class CountedImages(StatusLine line) : IProgress<DryRunReport>
    {
        public void Report(DryRunReport value) => line.Show(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value.Images:N0} images counted"));
    }
}
