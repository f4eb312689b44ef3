using MaskRcnn.Detection.Weights;

namespace MaskRcnn.Client.Model;

/// <summary>What <c>model inspect</c> found.</summary>
/// <param name="File">The open file.</param>
/// <param name="Model">The file as a model, or null when its architecture is unknown.</param>
/// <param name="Source">How the architecture is known.</param>
/// <param name="Fitting">The presets that keys and shapes fit, when they had to tell.</param>
internal sealed record Inspection(WeightFile File, ImportedModel? Model, ArchitectureSource Source, IReadOnlyList<string> Fitting)
{
    /// <summary>All numbers of the file.</summary>
    public long Numbers => File.Weights.Tensors.Sum(t => t.Count);

    /// <summary>How many tensors there are of each type, most first.</summary>
    public IEnumerable<(TensorType Type, int Tensors)> Types =>
        File.Weights.Tensors.CountBy(t => t.Type).OrderByDescending(t => t.Value).ThenBy(t => t.Key).Select(t => (t.Key, t.Value));

    public string Format => File.Format switch
    {
        WeightFormat.Safetensors => "safetensors",
        WeightFormat.TorchZip => "PyTorch (zip)",
        _ => "PyTorch (before 1.6)",
    };
}

/// <summary>How the architecture of a file is known.</summary>
internal enum ArchitectureSource
{
    /// <summary>It was given as --arch.</summary>
    Option,

    /// <summary>The file's own metadata says so.</summary>
    Metadata,

    /// <summary>Its keys and shapes fit.</summary>
    Keys,
}
