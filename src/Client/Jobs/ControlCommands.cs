using System.CommandLine;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Client.Jobs;

/// <summary><c>maskrcnn job pause</c>, <c>resume</c> and <c>cancel</c>: each prints the status after it.</summary>
internal static class ControlCommands
{
    // A type of our own: one made of generic parts would load the library for every command line.
    private delegate Task<JobStatus> Control(JobHandle job, CancellationToken cancellation);

    public static Command Pause(ConnectToCluster connect) =>
        Create(connect, "pause", "Hand out no new work of a job; what is begun is finished.", (job, cancellation) => job.PauseAsync(cancellation));

    public static Command Resume(ConnectToCluster connect) =>
        Create(connect, "resume", "Go on with a paused job.", (job, cancellation) => job.ResumeAsync(cancellation));

    public static Command Cancel(ConnectToCluster connect) =>
        Create(connect, "cancel", "End a job without a result.", (job, cancellation) => job.CancelAsync(cancellation));

    private static Command Create(ConnectToCluster connect, string name, string description, Control control)
    {
        Argument<string> job = ClusterCommand.Job();
        var command = new Command(name, description) { job };
        return command.DoesOnCluster(connect, $"maskrcnn job {name} photos", async (arguments, output, client, cancellation) =>
        {
            JobHandle handle = await client.GetJobAsync(arguments.GetRequiredValue(job), cancellation);
            StatusCommand.Write(await control(handle, cancellation), output);
            return ExitCode.Ok;
        });
    }
}
