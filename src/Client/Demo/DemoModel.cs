using MaskRcnn.Client.CommandLine;

namespace MaskRcnn.Client.Demo;

/// <summary>The model that comes with the program.</summary>
internal static class DemoModel
{
    private const string Name = "nuclei.safetensors";

    /// <summary>The path of the model that was named, else of the program's own.</summary>
    /// <exception cref="CommandException">There is no such file.</exception>
    public static string Find(string? named) => Find(named, AppContext.BaseDirectory);

    /// <inheritdoc cref="Find(string?)"/>
    /// <param name="named">What <c>--model</c> named, or null.</param>
    /// <param name="program">The program's folder; builds copy the repository's <c>models/</c> into it.</param>
    internal static string Find(string? named, string program)
    {
        if (named is not null) return Path.GetFullPath(InputPath.ExistingFile(named));
        string path = Path.Combine(program, "models", Name);
        if (File.Exists(path)) return path;
        throw new CommandException(
            ExitCode.Error, "no_model",
            $"The demo's model is missing: there is no {path}. It is models/{Name} of the repository, and is copied to the program when that is built: get it back with 'git checkout models' and run './maskrcnn demo' again, or give a model that finds nuclei with --model FILE.")
        {
            Details = new Dictionary<string, object> { ["file"] = path },
        };
    }
}
