using System.Text.RegularExpressions;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Grains.Sources;

namespace MaskRcnn.Client.Jobs;

/// <summary>Paths and URIs of a job: what is local is made absolute and looked at here; URIs are the cluster's to judge.</summary>
internal static partial class JobUri
{
    /// <exception cref="CommandException">There is no such folder.</exception>
    public static string ExistingFolder(string text, string option)
    {
        if (IsUri(text, option)) return text;
        string path = Path.GetFullPath(text);
        return Directory.Exists(path) ? path : throw Missing(path, File.Exists(path) ? "is a file" : "does not exist", "a folder", option);
    }

    /// <summary>A collection: a folder, or a file of a kind that <see cref="SourceKinds"/> has.</summary>
    /// <exception cref="CommandException">There is none, or it is of no known kind.</exception>
    public static string Collection(string text, string? kind, string option)
    {
        if (kind == SourceKinds.Folder) return ExistingFolder(text, option);
        if (kind is not null) return ExistingFile(text, option);
        if (IsUri(text, option)) return text;
        string path = Path.GetFullPath(text);
        if (Directory.Exists(path)) return path;
        if (!File.Exists(path)) throw Missing(path, "does not exist", "a folder, or a manifest, COCO file or tar archive", option);
        if (SourceKinds.ByEnding(path) is not null) return path;
        throw Missing(path, "is a file", "a folder, or a file that ends in .txt, .lst, .jsonl or .ndjson (manifest), .json (COCO) or .tar; of one that ends otherwise say what it is by --source", option);
    }

    /// <exception cref="CommandException">There is no such file.</exception>
    public static string ExistingFile(string text, string option)
    {
        if (IsUri(text, option)) return text;
        string path = Path.GetFullPath(text);
        return File.Exists(path) ? path : throw Missing(path, Directory.Exists(path) ? "is a folder" : "does not exist", "a file", option);
    }

    /// <exception cref="CommandException">A file is there.</exception>
    public static string Folder(string text, string option)
    {
        if (IsUri(text, option)) return text;
        string path = Path.GetFullPath(text);
        return File.Exists(path) ? throw CommandException.Usage($"{option} {path} is a file; expected a folder.") : path;
    }

    /// <summary>The folder of a job, where that is named and not the job: by a URI, a path with '/', or the name of a folder here that is a job's.</summary>
    /// <returns>The folder; null for a job's name or id.</returns>
    /// <exception cref="CommandException">There is no such folder.</exception>
    public static string? JobFolder(string text, string argument)
    {
        if (IsUri(text, argument)) return text;
        bool isPath = text.Contains('/', StringComparison.Ordinal) || text is "." or "..";
        return isPath || File.Exists(Path.Combine(text, "job.json")) ? ExistingFolder(text, argument) : null;
    }

    private static bool IsUri(string text, string option)
    {
        if (string.IsNullOrWhiteSpace(text)) throw CommandException.Usage($"{option} is empty; expected a path or URI.");
        return Scheme().IsMatch(text);
    }

    private static CommandException Missing(string path, string found, string expected, string option) =>
        new(ExitCode.Error, "not_found", $"{option} {path} {found}; expected {expected}.") { Details = new Dictionary<string, object> { ["file"] = path } };

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9+.-]*://")]
    private static partial Regex Scheme();
}
