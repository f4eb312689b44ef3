using System.CommandLine;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Client.Jobs;

/// <summary><c>maskrcnn job describe</c>: why is it stuck?</summary>
internal static class DescribeCommand
{
    public static Command Create(ConnectToCluster connect)
    {
        Argument<string> job = ClusterCommand.Job();
        var command = new Command("describe", "Say what a job waits for, in words; then its leases, failed attempts and workers.") { job };
        return command.DoesOnCluster(connect, "maskrcnn job describe photos", async (arguments, output, client, cancellation) =>
        {
            JobHandle handle = await client.GetJobAsync(arguments.GetRequiredValue(job), cancellation);
            JobDescription description = await handle.DescribeAsync(cancellation);
            DateTimeOffset now = client.Options.TimeProvider.GetUtcNow();
            IReadOnlyList<string> explanation = JobExplanation.Of(description, now);
            if (output.Json) output.WriteJson(json => DescriptionJson.Write(json, description, explanation));
            else DescriptionText.Write(output, description, explanation, now);
            return ExitCode.Ok;
        });
    }
}
