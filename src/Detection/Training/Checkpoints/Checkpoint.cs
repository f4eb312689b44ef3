using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Weights;
using MaskRcnn.Detection.Weights.Safetensors;

namespace MaskRcnn.Detection.Training.Checkpoints;

/// <summary>
/// A run's state in one safetensors file: weights (<c>model.</c>), momentum (<c>momentum.</c>), the average of the weights
/// (<c>average.</c>), and in the metadata where the run is, its configuration, and a SHA-256 of all of it.
/// </summary>
internal static class Checkpoint
{
    /// <summary>What the names of the weights begin with.</summary>
    public const string ModelPrefix = "model.";

    /// <summary>What the names of the averaged weights begin with.</summary>
    public const string AveragePrefix = "average.";

    private const string MomentumPrefix = "momentum.";
    private const string StateKey = "maskrcnn.training.state";
    private const string ConfigurationKey = "maskrcnn.training.configuration";
    private const string ChecksumKey = "maskrcnn.training.sha256";
    private const int Chunk = 1 << 20;

    /// <summary>Writes a checkpoint: whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written, for instance on a full disk; other checkpoints are as they were.</exception>
    public static void Write(string path, Trainer trainer, TrainingConfiguration configuration, RunState state)
    {
        IEnumerable<StoredTensor> copies = WeightSnapshot.Of(NetworkLoader.Tensors(trainer.Network), ModelPrefix)
            .Concat(WeightSnapshot.Of(trainer.Optimizer.State, MomentumPrefix));
        if (trainer.Average is { } average)
            copies = copies.Concat(WeightSnapshot.Of(average.State, AveragePrefix));
        StoredTensor[] tensors = [.. copies];
        string stateText = JsonSerializer.Serialize(state), configurationText = TrainingConfigurationJson.Serialize(configuration);
        SafetensorsWriter.Write(path, tensors, new Dictionary<string, string>
        {
            [StateKey] = stateText,
            [ConfigurationKey] = configurationText,
            [ChecksumKey] = Checksum(tensors, stateText, configurationText),
        });
    }

    /// <summary>Whether a file is a checkpoint, damaged or not.</summary>
    public static bool Is(WeightFile file) => file.Weights.Metadata.ContainsKey(StateKey) && file.Weights.Metadata.ContainsKey(ConfigurationKey);

    /// <summary>Where a run was, and what it was set to.</summary>
    /// <exception cref="WeightFileException">The file is no checkpoint.</exception>
    /// <exception cref="ModelConfigurationException">Its settings are not valid in this version.</exception>
    public static (RunState State, TrainingConfiguration Configuration) Describe(WeightFile file)
    {
        if (!Is(file))
            throw new WeightFileException(file.Path, "it is no checkpoint of a training: it lacks the run's state.");
        IReadOnlyDictionary<string, string> metadata = file.Weights.Metadata;
        return (JsonSerializer.Deserialize<RunState>(metadata[StateKey])!, TrainingConfigurationJson.Parse(metadata[ConfigurationKey]));
    }

    /// <summary>Reads all of a checkpoint.</summary>
    /// <exception cref="WeightFileException">It is not what was written, or no checkpoint.</exception>
    public static void Verify(WeightFile file)
    {
        IReadOnlyDictionary<string, string> metadata = file.Weights.Metadata;
        if (!Is(file))
            throw new WeightFileException(file.Path, "it is no checkpoint of a training: it lacks the run's state.");
        // The first checkpoints had none.
        if (!metadata.TryGetValue(ChecksumKey, out string? written))
            return;
        string found = Checksum(file.Weights.Tensors, metadata[StateKey], metadata[ConfigurationKey]);
        if (found != written)
            throw new WeightFileException(file.Path, $"it is damaged: its SHA-256 is {found}; expected {written}.");
    }

    /// <summary>Restores weights, momentum and average.</summary>
    public static void Restore(WeightFile file, Trainer trainer)
    {
        WeightSnapshot.Restore(file.Weights, NetworkLoader.Tensors(trainer.Network), ModelPrefix);
        WeightSnapshot.Restore(file.Weights, trainer.Optimizer.State, MomentumPrefix);
        if (trainer.Average is { } average)
            WeightSnapshot.Restore(file.Weights, average.State, AveragePrefix);
    }

    /// <summary>Of names and numbers in the file's order, then of the texts.</summary>
    private static string Checksum(IEnumerable<StoredTensor> tensors, params ReadOnlySpan<string> texts)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[Chunk];
        foreach (StoredTensor tensor in tensors)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(tensor.Name + '\n'));
            for (long offset = 0; offset < tensor.ByteLength; offset += Chunk)
            {
                Span<byte> part = buffer.AsSpan(0, (int)Math.Min(Chunk, tensor.ByteLength - offset));
                tensor.Read(offset, part);
                hash.AppendData(part);
            }
        }

        foreach (string text in texts)
            hash.AppendData(Encoding.UTF8.GetBytes(text + '\n'));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
