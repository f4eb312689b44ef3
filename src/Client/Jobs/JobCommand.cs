using System.CommandLine;

namespace MaskRcnn.Client.Jobs;

/// <summary><c>maskrcnn job</c>: work for a cluster.</summary>
internal static class JobCommand
{
    public static Command Create(ConnectToCluster connect) => new("job", "Work for a cluster: submit it, follow it, fetch its result.")
    {
        SubmitCommand.Create(connect),
        ListCommand.Create(connect),
        StatusCommand.Create(connect),
        WatchCommand.Create(connect),
        DescribeCommand.Create(connect),
        ControlCommands.Pause(connect),
        ControlCommands.Resume(connect),
        ControlCommands.Cancel(connect),
        RetryCommand.Create(connect),
        ResultsCommand.Create(connect),
        ExportCommand.Create(connect),
        RecoverCommand.Create(connect),
        DeleteCommand.Create(connect),
    };
}
