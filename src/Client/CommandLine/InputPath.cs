using System.CommandLine;

namespace MaskRcnn.Client.CommandLine;

/// <summary>A command's input, given as an argument or as <c>--input</c>.</summary>
internal sealed class InputPath
{
    private readonly Argument<string?> _argument;
    private readonly Option<string?> _option;

    private readonly bool _allowFolder;

    private InputPath(string description, bool allowFolder)
    {
        _allowFolder = allowFolder;
        _argument = new Argument<string?>("path") { Description = description, Arity = ArgumentArity.ZeroOrOne };
        _option = new Option<string?>("--input", "-i") { Description = "The same as the argument.", HelpName = "PATH" };
    }

    /// <summary>Adds both ways of giving the input to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="description">What the input is.</param>
    /// <param name="allowFolder">Whether it may be a folder.</param>
    public static InputPath AddTo(Command command, string description, bool allowFolder = false)
    {
        var path = new InputPath(description, allowFolder);
        command.Add(path._argument);
        command.Add(path._option);
        return path;
    }

    /// <returns>The path, of which something is there.</returns>
    /// <exception cref="CommandException">None or both are given, or nothing is there.</exception>
    public string Read(ParseResult arguments)
    {
        string? argument = arguments.GetValue(_argument), option = arguments.GetValue(_option);
        if (argument is null && option is null) throw CommandException.Usage("There is no input; expected a path, or --input PATH.");
        if (argument is not null && option is not null) throw CommandException.Usage($"There are two inputs, '{argument}' and --input '{option}'; expected one.");
        string path = (argument ?? option)!;
        return _allowFolder && Directory.Exists(path) ? path : ExistingFile(path, _allowFolder ? "a file or folder" : "a file");
    }

    /// <exception cref="CommandException">There is no file at the path.</exception>
    public static string ExistingFile(string path, string expected = "a file") => File.Exists(path)
        ? path
        : throw new CommandException(
            ExitCode.Error, "not_found",
            $"{path} {(Directory.Exists(path) ? "is a folder" : "does not exist")}; expected {expected}.")
        {
            Details = new Dictionary<string, object> { ["file"] = path },
        };
}
