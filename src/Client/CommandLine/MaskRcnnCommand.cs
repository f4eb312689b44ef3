using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using MaskRcnn.Client.Bench;
using MaskRcnn.Client.Certificates;
using MaskRcnn.Client.Coco;
using MaskRcnn.Client.Completion;
using MaskRcnn.Client.Demo;
using MaskRcnn.Client.Doctor;
using MaskRcnn.Client.Evaluation;
using MaskRcnn.Client.Jobs;
using MaskRcnn.Client.Model;
using MaskRcnn.Client.Predict;
using MaskRcnn.Client.Samples;
using MaskRcnn.Client.Train;
using MaskRcnn.Client.Up;

namespace MaskRcnn.Client.CommandLine;

/// <summary>The command line <c>maskrcnn</c>.</summary>
internal static class MaskRcnnCommand
{
    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">What follows the program's name.</param>
    /// <param name="output">stdout.</param>
    /// <param name="error">stderr.</param>
    /// <param name="connect">How commands reach their cluster; null for the real one.</param>
    /// <returns>The exit code, see <see cref="ExitCode"/>.</returns>
    public static int Run(string[] arguments, TextWriter output, TextWriter error, ConnectToCluster? connect = null)
    {
        try
        {
            return Parse(arguments, output, error, connect);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // stdout cannot be written to: a full disk, or a closed descriptor.
            error.WriteLine($"error: {exception.Message}");
            return ExitCode.Error;
        }
    }

    private static int Parse(string[] arguments, TextWriter output, TextWriter error, ConnectToCluster? connect)
    {
        // A name that starts with @ is a name, not a file of arguments.
        ParseResult parsed = Create(connect).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var configuration = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        if (parsed.Action is ExampleHelpAction || AsksForCompletion(parsed)) return parsed.Invoke(configuration);
        string[] errors = [.. Mistyped(parsed, arguments), .. parsed.Errors.Select(OneLine).Distinct()];
        if (errors.Length == 0) return parsed.Invoke(configuration);
        string problems = string.Join(" ", errors);
        new CommandOutput(output, error, CommandConventions.AsksForJson(arguments)).WriteError(CommandException.Usage($"{problems} See '{CommandPath(parsed)} --help'."));
        return ExitCode.Usage;
    }

    /// <summary>An error as one sentence that names its option.</summary>
    private static string OneLine(ParseError error)
    {
        string message = error.Message.ReplaceLineEndings("\n").Trim().Replace(":\n\t", ": ", StringComparison.Ordinal).Replace("\n\t", ", ", StringComparison.Ordinal);
        if (error.SymbolResult is OptionResult { Option.Name: var name } && !message.Contains(name, StringComparison.Ordinal)) message = $"{name}: {message}";
        return message.EndsWith('.') ? message : message + ".";
    }

    internal static RootCommand Create(ConnectToCluster? connect = null)
    {
        connect ??= RealCluster.ConnectAsync;
        var root = new RootCommand("Mask R-CNN on many machines: data sets, exact evaluation, models, prediction.") { HelpName = "maskrcnn" };
        root.Add(CommandConventions.Json());
        root.Add(DemoCommand.Create());
        root.Add(EvalCommand.Create());
        root.Add(CocoCommand.Create());
        root.Add(ModelCommand.Create());
        root.Add(PredictCommand.Create());
        root.Add(TrainCommand.Create());
        root.Add(BenchCommand.Create());
        root.Add(SamplesCommand.Create());
        root.Add(UpCommand.Create());
        root.Add(JobCommand.Create(connect));
        root.Add(WorkerCommand.Create(connect));
        root.Add(DoctorCommand.Create(connect));
        root.Add(CertificatesCommand.Create());
        root.Add(CompletionCommand.Create());
        foreach (HelpOption help in root.Options.OfType<HelpOption>()) help.Action = new ExampleHelpAction((HelpAction)help.Action!);
        return root;
    }

    /// <summary>What is completed is not yet a command line without errors.</summary>
    private static bool AsksForCompletion(ParseResult parsed) =>
        ((RootCommand)parsed.RootCommandResult.Command).Directives.OfType<SuggestDirective>().Any(d => parsed.GetResult(d) is not null);

    /// <summary>An option that the command does not know would be taken for a path where it has an argument for one.</summary>
    private static IEnumerable<string> Mistyped(ParseResult parsed, string[] arguments) => arguments.Contains("--")
        ? []
        : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(result => result.Tokens)
            .Where(token => token.Value.Length > 1 && token.Value[0] == '-')
            .Select(token => $"Unrecognized option '{token.Value}'.");

    private static string CommandPath(ParseResult parsed)
    {
        var names = new List<string>();
        for (SymbolResult? result = parsed.CommandResult; result is not null; result = result.Parent)
        {
            if (result is CommandResult { Command: not RootCommand } command) names.Insert(0, command.Command.Name);
        }
        return string.Join(' ', names.Prepend("maskrcnn"));
    }
}
