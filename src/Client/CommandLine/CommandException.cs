namespace MaskRcnn.Client.CommandLine;

/// <summary>Ends a command with an error that its user can act on.</summary>
internal sealed class CommandException(int exitCode, string code, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>A short name for programs, such as <c>file_exists</c>.</summary>
    public string Code { get; } = code;

    /// <summary>More for programs: names and values.</summary>
    public IReadOnlyDictionary<string, object> Details { get; init; } = new Dictionary<string, object>();

    /// <summary>The command line asks for something that cannot be.</summary>
    public static CommandException Usage(string message) => new(CommandLine.ExitCode.Usage, "usage", message);
}
