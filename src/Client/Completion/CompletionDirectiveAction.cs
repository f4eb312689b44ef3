using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Invocation;

namespace MaskRcnn.Client.Completion;

/// <summary>Answers the shells' question what may follow: <c>maskrcnn [suggest:POSITION] "LINE"</c>, one answer a line.</summary>
internal sealed class CompletionDirectiveAction(SynchronousCommandLineAction suggest) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public static void InstallIn(RootCommand root)
    {
        foreach (SuggestDirective directive in root.Directives.OfType<SuggestDirective>())
            directive.Action = new CompletionDirectiveAction((SynchronousCommandLineAction)directive.Action!);
    }

    public override int Invoke(ParseResult parseResult) => suggest.Invoke(parseResult);
}
