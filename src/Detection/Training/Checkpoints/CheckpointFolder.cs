using System.Globalization;
using System.Text.Json;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Weights;

namespace MaskRcnn.Detection.Training.Checkpoints;

/// <summary>The checkpoints of a run: the last few, and the best.</summary>
/// <param name="folder">Where they are.</param>
internal sealed class CheckpointFolder(string folder)
{
    private const string Prefix = "step-";
    private const string Ending = ".safetensors";
    private const int Kept = 3;

    /// <summary>The state at the best evaluation.</summary>
    public string BestPath { get; } = Path.Combine(folder, "best.safetensors");

    /// <summary>The state at a loss that was no number.</summary>
    public string NonFinitePath { get; } = Path.Combine(folder, "non-finite.safetensors");

    /// <summary>Writes a checkpoint, then removes those that are too old.</summary>
    public void Write(Trainer trainer, TrainingConfiguration configuration, RunState state)
    {
        Checkpoint.Write(PathOf(state.Step), trainer, configuration, state);
        foreach ((long _, string path) in Existing().Where(c => c.Step != state.Step).Skip(Kept - 1))
            File.Delete(path);
    }

    /// <summary>The newest checkpoint that can be read, the best one last of all; null when there is none.</summary>
    /// <param name="warn">Gets what is wrong with newer ones.</param>
    /// <exception cref="ModelConfigurationException">Its settings are not valid in this version.</exception>
    public ResumePoint? FindNewest(Action<string> warn)
    {
        foreach (string path in Existing().Select(c => c.Path).Append(BestPath).Where(File.Exists))
        {
            try
            {
                using WeightFile file = WeightFile.Open(path);
                Checkpoint.Verify(file);
                (RunState state, TrainingConfiguration configuration) = Checkpoint.Describe(file);
                return new ResumePoint(path, state, configuration);
            }
            catch (Exception exception) when (exception is WeightFileException or JsonException or IOException)
            {
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
