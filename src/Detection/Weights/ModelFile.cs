using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Weights.Layout;
using MaskRcnn.Detection.Weights.Safetensors;

namespace MaskRcnn.Detection.Weights;

/// <summary>
/// A model in one file: safetensors with torchvision's keys, and the configuration in its metadata. Other programs read
/// the weights as they are. It stays open; tensors are read when they are asked for.
/// </summary>
public sealed class ModelFile : IDisposable
{
    /// <summary>The metadata that holds the configuration, see <see cref="ModelConfigurationJson"/>.</summary>
    public const string ConfigurationKey = "maskrcnn.configuration";

    private readonly WeightFile _file;

    private ModelFile(WeightFile file, ModelConfiguration configuration) => (_file, Configuration) = (file, configuration);

    /// <summary>The file.</summary>
    public string Path => _file.Path;

    /// <summary>The model but for its weights.</summary>
    public ModelConfiguration Configuration { get; }

    /// <summary>The weights; their keys and shapes are those of the configuration.</summary>
    public StateDict Weights => _file.Weights;

    /// <summary>Opens a model file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="WeightFileException">It is damaged, or has no configuration that is valid here.</exception>
    /// <exception cref="StateDictMismatchException">Its tensors are not those of its configuration.</exception>
    /// <exception cref="IOException">It cannot be opened, or does not exist.</exception>
    public static ModelFile Read(string path)
    {
        WeightFile file = WeightFile.Open(path);
        try
        {
            ModelConfiguration configuration = ConfigurationOf(file) ?? throw new WeightFileException(
                path,
                $"it has no metadata '{ConfigurationKey}', so it is not a model file. "
                + $"Make one of its weights: maskrcnn model convert --arch NAME --weights {path} --output model.safetensors");
            StateDictCheck.Require(file.Weights, TorchvisionLayout.Expected(configuration), path, configuration.Name);
            return new ModelFile(file, configuration);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The configuration in a file's metadata, or null when there is none.</summary>
    /// <exception cref="WeightFileException">It is there, but not valid.</exception>
    public static ModelConfiguration? ConfigurationOf(WeightFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (!file.Weights.Metadata.TryGetValue(ConfigurationKey, out string? json)) return null;
        try
        {
            return ModelConfigurationJson.Parse(json);
        }
        catch (ModelConfigurationException exception)
        {
            throw new WeightFileException(file.Path, $"its metadata '{ConfigurationKey}': {exception.Message}", exception);
        }
    }

    /// <summary>Writes a model file: whole or not at all, and the same bytes for the same model.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="configuration">The model but for its weights.</param>
    /// <param name="weights">Its weights; they are written in the configuration's order.</param>
    /// <param name="type">What floating point numbers are rounded to, or null to keep them. Integers stay.</param>
    /// <param name="cancellationToken">Stops it; the file is then as it was.</param>
    /// <exception cref="ModelConfigurationException">The configuration is not valid.</exception>
    /// <exception cref="StateDictMismatchException">The tensors are not those of the configuration.</exception>
    /// <exception cref="WeightFileException">A tensor cannot be read, or has a number too large for the type.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, ModelConfiguration configuration, StateDict weights, TensorType? type = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(weights);
        string json = ModelConfigurationJson.Serialize(configuration);
        IReadOnlyList<ExpectedTensor> expected = TorchvisionLayout.Expected(configuration);
        StateDictCheck.Require(weights, expected, path, configuration.Name);
        IEnumerable<StoredTensor> tensors = expected.Select(e => weights[e.Name]);
        if (type is { } other) tensors = tensors.Select(tensor => tensor.As(other));
        SafetensorsWriter.Write(path, [.. tensors], new Dictionary<string, string> { [ConfigurationKey] = json, ["format"] = "pt" }, cancellationToken);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();
}
