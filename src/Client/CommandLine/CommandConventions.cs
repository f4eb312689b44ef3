using System.CommandLine;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MaskRcnn.Client.CommandLine;

/// <summary>
/// What every command has in common: an example in its help, <c>--json</c>, errors, exit codes and cancellation.
/// </summary>
internal static class CommandConventions
{
    private const string JsonName = "--json";

    /// <summary>How long a cancelled command may take to clean up.</summary>
    private static readonly TimeSpan TimeToCancel = TimeSpan.FromSeconds(3);

    // Goes with the command, and may be filled by several command lines at once.
    private static readonly ConditionalWeakTable<Command, string> Examples = [];

    /// <summary>Prints one JSON document instead of text. An option of every command.</summary>
    public static Option<bool> Json() => new(JsonName) { Description = "Print one JSON document instead of text.", Recursive = true };

    /// <summary>Whether JSON is asked for on a command line that may not parse.</summary>
    public static bool AsksForJson(string[] arguments) =>
        arguments.Any(a => a == JsonName || a.StartsWith(JsonName + "=", StringComparison.Ordinal));

    /// <summary>Replaces existing output.</summary>
    public static Option<bool> Overwrite() => new("--overwrite") { Description = "Replace existing output." };

    /// <summary>The command's body: gets what was parsed, where to write, and a token that Ctrl-C cancels; returns an exit code.</summary>
    public delegate int Body(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken);

    /// <summary>Gives a command its example and its body.</summary>
    /// <param name="command">The command.</param>
    /// <param name="example">A command line that works, shown in its help.</param>
    /// <param name="body">What it does.</param>
    /// <param name="timeToCancel">How long it may take to clean up when it is cancelled; default 3 s.</param>
    public static Command Does(this Command command, string example, Body body, TimeSpan? timeToCancel = null)
    {
        Examples.Add(command, example);
        command.SetAction(arguments => Run(arguments, body, timeToCancel ?? TimeToCancel));
        return command;
    }

    /// <summary>The example of a command, or null.</summary>
    public static string? ExampleOf(Command command) => Examples.TryGetValue(command, out string? example) ? example : null;

    private static void Exit(int code)
    {
#pragma warning disable RS0030 // There is nobody left to return the code to.
        Environment.Exit(code);
#pragma warning restore RS0030
    }

    private static int Run(ParseResult arguments, Body body, TimeSpan timeToCancel)
    {
        var output = new CommandOutput(arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error, arguments.GetValue<bool>(JsonName));
        using var cancellation = new CancellationTokenSource();
        bool interrupted = false;
        // A read from a silent pipe does not see the token.
        using var lastResort = new Timer(_ => Exit(Cancelled()));
        // The second Ctrl-C is left to the runtime, which ends the process.
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        try
        {
            int code = body(arguments, output, cancellation.Token);
            output.Out.Flush();
            return code;
        }
        catch (Exception exception) when (exception is OperationCanceledException || cancellation.IsCancellationRequested)
        {
            return Cancelled();
        }
        catch (Exception exception)
        {
            CommandException error = ErrorMapping.ToCommandException(exception);
            output.WriteError(error);
            return error.ExitCode;
        }

        void Cancel(PosixSignalContext signal)
        {
            if (cancellation.IsCancellationRequested) return;
            signal.Cancel = true;
            interrupted = signal.Signal == PosixSignal.SIGINT;
            lastResort.Change(timeToCancel, Timeout.InfiniteTimeSpan);
            cancellation.Cancel();
        }

        int Cancelled()
        {
            int code = interrupted ? ExitCode.Interrupted : ExitCode.Cancelled;
            output.WriteError(new CommandException(code, "cancelled", interrupted ? "Interrupted by Ctrl-C." : "Cancelled."));
            output.Out.Flush();
            return code;
        }
    }
}
