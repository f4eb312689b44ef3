using System.CommandLine;
using MaskRcnn.Client.CommandLine;

namespace MaskRcnn.Client.Jobs;

/// <summary><c>maskrcnn job delete</c>.</summary>
internal static class DeleteCommand
{
    public static Command Create(ConnectToCluster connect)
    {
        Argument<string> job = ClusterCommand.Job();
        var outputs = new Option<bool>("--outputs") { Description = "Also delete what it wrote: the files that its results' manifests name, and its own documents and parts. Asks before." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var command = new Command("delete", "Forget a job that has ended: its name is free again. What it wrote stays.") { job, outputs, yes };
        return command.DoesOnCluster(
            connect, "maskrcnn job delete photos",
            async (arguments, output, client, cancellation) =>
            {
                bool deletesOutput = arguments.GetValue(outputs);
                JobHandle handle = await client.GetJobAsync(arguments.GetRequiredValue(job), cancellation);
                string title = DescriptionText.Title(handle.Name, handle.Id);
                if (deletesOutput && !arguments.GetValue(yes) && !Confirmation.Ask(output, $"Delete the results of job {title} in {PlainText.WithoutControls(handle.Output)}?"))
                    throw new CommandException(ExitCode.Cancelled, "cancelled", $"Job {title} is as it was; nothing is deleted.");
                await handle.DeleteAsync(deletesOutput, cancellation);
                if (output.Json)
                {
                    output.WriteJson(json =>
                    {
                        json.WriteString("job", handle.Id);
                        json.WriteString("name", handle.Name);
                        json.WriteString("output", handle.Output);
                        json.WriteBoolean("outputDeleted", deletesOutput);
                    });
                }
                else
                {
                    output.Out.WriteLine($"Job {title} is deleted; {PlainText.WithoutControls(handle.Output)} {(deletesOutput ? "too" : "stays")}.");
                }
                return ExitCode.Ok;
            },
            arguments =>
            {
                if (arguments.GetValue(outputs) && !arguments.GetValue(yes)) Confirmation.RequireTerminal("--outputs deletes results");
                if (arguments.GetValue(yes) && !arguments.GetValue(outputs)) throw CommandException.Usage("--yes is for --outputs, which is not there.");
            });
    }
}
