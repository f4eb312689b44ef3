using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Client.Inference;

/// <summary>A model ready to run.</summary>
/// <param name="Detector">The model.</param>
/// <param name="Path">Where its weights come from.</param>
internal sealed record LoadedModel(Detector Detector, string Path) : IDisposable
{
    /// <summary>The category of each label; without names in the model it is the label itself.</summary>
    public IReadOnlyDictionary<int, LabelledCategory> Categories { get; } = Enumerable.Range(1, Detector.Configuration.Classes - 1)
        .ToDictionary(label => label, label => Detector.Configuration.Categories.FirstOrDefault(category => category.Label == label) ?? new LabelledCategory(label, label, $"label {label}"));

    public void Dispose() => Detector.Dispose();
}
