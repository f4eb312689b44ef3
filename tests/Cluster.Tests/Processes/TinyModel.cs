using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Tests.Golden;
using MaskRcnn.Detection.Weights;

namespace MaskRcnn.Cluster.Tests.Processes;

/// <summary>The small golden model as a file.</summary>
internal static class TinyModel
{
    /// <summary>Writes the model file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="side">What the shorter side of images is resized to; null: the golden data's.</param>
    public static void Write(string path, int? side = null)
    {
        using WeightFile weights = WeightFile.Open(Repository.Golden("tiny_model.safetensors"));
        ModelConfiguration configuration = TinyConfiguration.Value with
        {
            Categories = [.. Enumerable.Range(1, 4).Select(label => new LabelledCategory(label, 10 * label, $"thing {label}"))],
        };
        if (side is { } pixels) configuration = configuration with { Transform = configuration.Transform with { MinSizes = [pixels], MaxSize = 2 * pixels } };
        ModelFile.Write(path, configuration, weights.Weights);
    }
}
