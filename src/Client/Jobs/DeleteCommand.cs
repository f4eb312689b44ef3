using System.CommandLine;
using MaskRcnn.Client.CommandLine;

namespace MaskRcnn.Client.Jobs;

/// <summary><c>maskrcnn job delete</c>.</summary>
internal static class DeleteCommand
{
    public static Command Create(ConnectToCluster connect)
    {
        Argument<string> job = ClusterCommand.Job();
        var withOutput = new Option<bool>("--with-output") { Description = "Also delete everything that it wrote, its result too." };
        var command = new Command("delete", "Forget a job that has ended: its name is free again. What it wrote stays.") { job, withOutput };
        return command.DoesOnCluster(connect, "maskrcnn job delete photos", async (arguments, output, client, cancellation) =>
        {
            bool deletesOutput = arguments.GetValue(withOutput);
            JobHandle handle = await client.GetJobAsync(arguments.GetRequiredValue(job), cancellation);
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
                output.Out.WriteLine($"Job {DescriptionText.Title(handle.Name, handle.Id)} is deleted; {PlainText.WithoutControls(handle.Output)} {(deletesOutput ? "too" : "stays")}.");
            }
            return ExitCode.Ok;
        });
    }
}
