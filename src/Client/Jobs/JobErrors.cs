using MaskRcnn.Client.CommandLine;
using MaskRcnn.Client.Connection;
using MaskRcnn.Client.Exports;
using MaskRcnn.Client.Results;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Transport;

namespace MaskRcnn.Client.Jobs;

/// <summary>What a cluster refuses, as errors of a command. All exit with 1: the command line is right, the world is otherwise.</summary>
internal static class JobErrors
{
    /// <returns>The error, or null when the exception is none of a cluster's.</returns>
    public static CommandException? ToCommandException(Exception exception) => exception switch
    {
        JobNotFoundException missing => Error("not_found", missing.Message, missing.Job),
        JobConflictException conflict => Error("conflict", conflict.Message, conflict.Job, ("difference", conflict.Difference)),
        JobRejectedException rejected => Error("rejected", rejected.Message, rejected.Job),
        JobStateException state => Error("job_state", state.Message, state.Job, ("state", state.State)),
        JobException other => Error("job", other.Message, other.Job),
        ResultsNotReadyException unfinished => Error("results_not_ready", unfinished.Message, unfinished.Job),
        ExportExistsException exists => new CommandException(ExitCode.Error, "file_exists", exists.Message) { Details = new Dictionary<string, object> { ["file"] = exists.File } },
        ExportException => new CommandException(ExitCode.Error, "cannot_export", exception.Message),
        ClusterUnavailableException away => new CommandException(ExitCode.Error, "no_cluster", away.Message) { Details = new Dictionary<string, object> { ["cluster"] = away.Cluster } },
        TlsFilesException files => new CommandException(ExitCode.Error, "certificates", files.Message),
        _ => null,
    };

    private static CommandException Error(string code, string message, string job, params (string Name, object Value)[] more)
    {
        var details = new Dictionary<string, object> { ["job"] = job };
        foreach ((string name, object value) in more) details[name] = value;
        return new CommandException(ExitCode.Error, code, message) { Details = details };
    }
}
