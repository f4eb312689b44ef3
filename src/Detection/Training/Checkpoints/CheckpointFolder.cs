using System.Globalization;
using MaskRcnn.Detection.Weights;

namespace MaskRcnn.Detection.Training.Checkpoints;

/// <summary>The checkpoints of a run: the last few.</summary>
/// <param name="folder">Where they are.</param>
internal sealed class CheckpointFolder(string folder)
{
    private const string Prefix = "step-";
    private const string Ending = ".safetensors";
    private const int Kept = 3;

    /// <summary>Writes a checkpoint, then removes those that are too old.</summary>
    public void Write(Trainer trainer, TrainingConfiguration configuration, RunState state)
    {
        Checkpoint.Write(PathOf(state.Step), trainer, configuration, state);
        foreach ((long step, string path) in Existing().Where(c => c.Step != state.Step).Skip(Kept - 1))
            File.Delete(path);
    }

    /// <summary>Opens the newest checkpoint that can be read; null when there is none.</summary>
    /// <param name="warn">Gets what is wrong with newer ones.</param>
    public WeightFile? OpenNewest(Action<string> warn)
    {
        foreach ((long _, string path) in Existing())
        {
            WeightFile? file = null;
            try
            {
                file = WeightFile.Open(path);
                Checkpoint.Describe(file);
                return file;
            }
            catch (WeightFileException exception)
            {
                file?.Dispose();
                warn($"{exception.Message} The checkpoint before it is used.");
            }
        }

        return null;
    }

    private string PathOf(long step) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{step:D9}{Ending}"));

    /// <summary>Newest first.</summary>
    private (long Step, string Path)[] Existing() => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateFiles(folder, $"{Prefix}*{Ending}")
            .Select(path => (Step: long.TryParse(Path.GetFileName(path)[Prefix.Length..^Ending.Length], NumberStyles.None, CultureInfo.InvariantCulture, out long step) ? step : -1, Path: path))
            .Where(c => c.Step >= 0).OrderByDescending(c => c.Step),
    ];
}
