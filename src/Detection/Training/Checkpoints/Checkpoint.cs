using System.Text.Json;
using MaskRcnn.Detection.Weights;
using MaskRcnn.Detection.Weights.Safetensors;

namespace MaskRcnn.Detection.Training.Checkpoints;

/// <summary>
/// A run's state in one safetensors file: weights (<c>model.</c>), momentum (<c>momentum.</c>), the average of the weights
/// (<c>average.</c>), and in the metadata where the run is and its configuration.
/// </summary>
internal static class Checkpoint
{
    private const string ModelPrefix = "model.";
    private const string MomentumPrefix = "momentum.";
    private const string AveragePrefix = "average.";
    private const string StateKey = "maskrcnn.training.state";
    private const string ConfigurationKey = "maskrcnn.training.configuration";

    /// <summary>Writes a checkpoint: whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written, for instance on a full disk; other checkpoints are as they were.</exception>
    public static void Write(string path, Trainer trainer, TrainingConfiguration configuration, RunState state)
    {
        IEnumerable<StoredTensor> tensors = WeightSnapshot.Of(NetworkLoader.Tensors(trainer.Network), ModelPrefix)
            .Concat(WeightSnapshot.Of(trainer.Optimizer.State, MomentumPrefix));
        if (trainer.Average is { } average)
            tensors = tensors.Concat(WeightSnapshot.Of(average.State, AveragePrefix));
        SafetensorsWriter.Write(path, [.. tensors], new Dictionary<string, string>
        {
            [StateKey] = JsonSerializer.Serialize(state),
            [ConfigurationKey] = TrainingConfigurationJson.Serialize(configuration),
        });
    }

    /// <summary>Where a run was, and what it was set to.</summary>
    /// <exception cref="WeightFileException">The file is damaged or no checkpoint.</exception>
    public static (RunState State, TrainingConfiguration Configuration) Describe(WeightFile file)
    {
        if (!file.Weights.Metadata.TryGetValue(StateKey, out string? state) || !file.Weights.Metadata.TryGetValue(ConfigurationKey, out string? configuration))
            throw new WeightFileException(file.Path, "it is no checkpoint of a training: it lacks the run's state.");
        return (JsonSerializer.Deserialize<RunState>(state)!, TrainingConfigurationJson.Parse(configuration));
    }

    /// <summary>Restores weights, momentum and average.</summary>
    public static void Restore(WeightFile file, Trainer trainer)
    {
        WeightSnapshot.Restore(file.Weights, NetworkLoader.Tensors(trainer.Network), ModelPrefix);
        WeightSnapshot.Restore(file.Weights, trainer.Optimizer.State, MomentumPrefix);
        if (trainer.Average is { } average)
            WeightSnapshot.Restore(file.Weights, average.State, AveragePrefix);
    }
}
