namespace MaskRcnn.Client.CommandLine;

/// <summary>Keeps commands from replacing what is there.</summary>
internal static class OutputPath
{
    /// <summary>Checks that a file or folder can be written.</summary>
    /// <param name="path">The file, or the folder that files go to; an empty folder is free.</param>
    /// <param name="overwrite">Whether <c>--overwrite</c> was given.</param>
    /// <exception cref="CommandException">Something is there.</exception>
    public static void CheckFree(string path, bool overwrite)
    {
        bool exists = File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any());
        if (exists && !overwrite)
        {
            throw new CommandException(ExitCode.Error, "file_exists", $"{path} exists already. Choose another --output, or replace it with --overwrite.")
            {
                Details = new Dictionary<string, object> { ["file"] = path },
            };
        }
    }

    /// <summary>Checks that a file can be written.</summary>
    /// <exception cref="CommandException">Something is there, or the path is a folder.</exception>
    public static void CheckFileFree(string path, bool overwrite)
    {
        if (Directory.Exists(path)) throw CommandException.Usage($"--output {path} is a folder; expected a file.");
        CheckFree(path, overwrite);
    }
}
