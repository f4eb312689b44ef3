using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MaskRcnn.Client.CommandLine;

/// <summary>The usual help, and below it the command's example.</summary>
internal sealed class ExampleHelpAction(HelpAction help) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);
        if (CommandConventions.ExampleOf(parseResult.CommandResult.Command) is { } example)
        {
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Example:");
            output.WriteLine($"  {example}");
            output.WriteLine();
        }
        return ExitCode.Ok;
    }
}
