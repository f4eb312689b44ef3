using System.CommandLine;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Client.Jobs;

/// <summary><c>maskrcnn job status</c>.</summary>
internal static class StatusCommand
{
    public static Command Create(ConnectToCluster connect)
    {
        Argument<string> job = ClusterCommand.Job();
        Option<double?> price = DeviceTimeText.PriceOption();
        var command = new Command("status", "Say where a job stands.") { job, price };
        return command.DoesOnCluster(connect, "maskrcnn job status photos", async (arguments, output, client, cancellation) =>
        {
            JobHandle handle = await client.GetJobAsync(arguments.GetRequiredValue(job), cancellation);
            Write(await handle.GetStatusAsync(cancellation), output, arguments.GetValue(price));
            return ExitCode.Ok;
        });
    }

    /// <summary>A status as the result of a command.</summary>
    public static void Write(JobStatus status, CommandOutput output, double? pricePerHour = null)
    {
        if (output.Json) output.WriteJson(json => JobJson.Write(json, status, pricePerHour));
        else JobText.Write(output.Out, status, pricePerHour);
    }
}
