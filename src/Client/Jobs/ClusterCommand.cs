using System.CommandLine;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Transport;

namespace MaskRcnn.Client.Jobs;

/// <summary>What commands that talk to a cluster have in common: <c>--cluster</c>, certificates, and a client that is there when they begin.</summary>
internal static class ClusterCommand
{
    /// <summary>The command's body, with a client.</summary>
    public delegate Task<int> Body(ParseResult arguments, CommandOutput output, MaskRcnnClient client, CancellationToken cancellation);

    /// <summary>The body of a command that may do without a cluster; <paramref name="open"/> gives a client when there is need of one.</summary>
    public delegate Task<int> LateBody(ParseResult arguments, CommandOutput output, Func<Task<MaskRcnnClient>> open, CancellationToken cancellation);

    /// <summary>Checks that need no cluster: what is wrong with the command line is said at once.</summary>
    public delegate void Check(ParseResult arguments);

    /// <summary>The job that a command is about.</summary>
    public static Argument<string> Job() => new("job") { Description = "The job's id or name.", HelpName = "JOB" };

    /// <summary>Gives a command <c>--cluster</c>, its example and its body.</summary>
    public static Command DoesOnCluster(this Command command, ConnectToCluster connect, string example, Body body, Check? check = null) =>
        command.MayUseCluster(
            connect, example,
            async (arguments, output, open, cancellation) =>
            {
                await using MaskRcnnClient client = await open();
                return await body(arguments, output, client, cancellation);
            },
            check);

    /// <summary>Gives a command <c>--cluster</c>, its example and its body, which connects when it has to.</summary>
    public static Command MayUseCluster(this Command command, ConnectToCluster connect, string example, LateBody body, Check? check = null)
    {
        var cluster = new Option<string?>("--cluster")
        {
            Description = "The cluster: host:port[,host:port][/id], or the folder of 'maskrcnn up --data'. [default: MASKRCNN_CLUSTER, else your last 'maskrcnn up']",
            HelpName = "CLUSTER",
        };
        var tls = new TlsOptions();
        command.Add(cluster);
        tls.AddTo(command);
        return command.Does(example, (arguments, output, cancellation) =>
        {
            check?.Invoke(arguments);
            return RunAsync(arguments.GetValue(cluster), tls.Read(arguments), connect, arguments, output, body, cancellation).GetAwaiter().GetResult();
        });
    }

    private static async Task<int> RunAsync(string? cluster, TlsFiles? tls, ConnectToCluster connect, ParseResult arguments, CommandOutput output, LateBody body, CancellationToken cancellation)
    {
        if (cluster is not null && string.IsNullOrWhiteSpace(cluster)) throw CommandException.Usage("--cluster is empty; expected host:port, or the folder of 'maskrcnn up --data'.");
        // A progress line may stand where the message goes.
        string lineStart = StatusLine.IsTerminal(output.Error) ? "\r\e[K" : "";
        return await body(arguments, output, () => connect(cluster, tls, message => output.Error.WriteLine(lineStart + message), cancellation), cancellation);
    }
}
