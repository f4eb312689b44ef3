using System.Text;
using System.Text.RegularExpressions;
using MaskRcnn.Coco.Datasets;

namespace MaskRcnn.Detection.Training.Checkpoints;

/// <summary>The folder of everything that a run writes.</summary>
/// <param name="path">The folder.</param>
public sealed partial class RunFolder(string path)
{
    private const string LockName = ".lock";

    /// <summary>The folder.</summary>
    public string Path => path;

    /// <summary>The model: of the best evaluation, or the last one where nothing is evaluated.</summary>
    public string Model => In("model.safetensors");

    /// <summary>A line for each step and each evaluation.</summary>
    public string Metrics => In("metrics.jsonl");

    /// <summary>Every setting of the run.</summary>
    public string Configuration => In("configuration.json");

    /// <summary>What the last evaluation's model found, as COCO results.</summary>
    public string ValidationResults => In("validation.json");

    internal CheckpointFolder Checkpoints { get; } = new(System.IO.Path.Combine(path, "checkpoints"));

    /// <summary>Whether a run could begin here: the folder is missing, is empty, or has only what a run writes before its first checkpoint.</summary>
    public bool IsFree => !File.Exists(path) && (!Directory.Exists(path) || Directory.EnumerateFileSystemEntries(path).All(entry =>
        Directory.Exists(entry) ? System.IO.Path.GetFileName(entry) == "checkpoints" && !Directory.EnumerateFiles(entry).Any(file => !Leftover().IsMatch(System.IO.Path.GetFileName(file)))
            : System.IO.Path.GetFileName(entry) is LockName or "configuration.json" or "metrics.jsonl" or "run.json" || Leftover().IsMatch(System.IO.Path.GetFileName(entry))));

    /// <summary>The newest checkpoint that can be read; null when there is none.</summary>
    /// <param name="warn">Gets what is wrong with newer ones.</param>
    public ResumePoint? FindNewest(Action<string> warn) => Checkpoints.FindNewest(warn);

    /// <summary>A file of the folder.</summary>
    public string In(string name) => System.IO.Path.Combine(path, name);

    /// <summary>Writes a text file: whole or not at all.</summary>
    public void WriteText(string name, string text) => AtomicFile.Write(In(name), stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Takes the folder for one process; disposing lets go of it, and so does the process's end.</summary>
    /// <exception cref="IOException">Another process trains here.</exception>
    internal FileStream Hold()
    {
        Directory.CreateDirectory(path);
        try
        {
            return new FileStream(In(LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException exception) when (File.Exists(In(LockName)))
        {
            throw new IOException($"{path}: another process trains in this folder. Wait for it, or choose another --output.", exception);
        }
    }

    /// <summary>Removes what a killed process left half written.</summary>
    internal void RemoveLeftovers()
    {
        foreach (string file in Directory.EnumerateFiles(path, ".*.tmp", SearchOption.AllDirectories).Where(file => Leftover().IsMatch(System.IO.Path.GetFileName(file))))
            File.Delete(file);
    }

    /// <summary>The names that <see cref="AtomicFile"/> gives.</summary>
    [GeneratedRegex(@"^\.[0-9a-f]{32}\.tmp$")]
    private static partial Regex Leftover();
}
