using System.CommandLine;
using MaskRcnn.Client.CommandLine;

namespace MaskRcnn.Client.Jobs;

/// <summary><c>maskrcnn job retry</c>.</summary>
internal static class RetryCommand
{
    public static Command Create(ConnectToCluster connect)
    {
        Argument<string> job = ClusterCommand.Job();
        var failed = new Option<bool>("--failed") { Description = "Only images that failed: refuse a job that did not come to all of its images." };
        var command = new Command("retry", "Do again what a job that has ended has no result of; images that have one keep it.") { job, failed };
        return command.DoesOnCluster(connect, "maskrcnn job retry photos", async (arguments, output, client, cancellation) =>
        {
            JobHandle handle = await client.GetJobAsync(arguments.GetRequiredValue(job), cancellation);
            StatusCommand.Write(await handle.RetryAsync(arguments.GetValue(failed), cancellation), output);
            return ExitCode.Ok;
        });
    }
}
