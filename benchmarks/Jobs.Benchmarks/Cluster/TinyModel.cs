using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Tests.Golden;
using MaskRcnn.Detection.Weights;

namespace MaskRcnn.Jobs.Benchmarks.Cluster;

/// <summary>The small model of the golden data as a model file.</summary>
internal static class TinyModel
{
    public static string Write(string folder)
    {
        string golden = "tests/data/detection/golden/tiny_model.safetensors";
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, golden)))
            root = Path.GetDirectoryName(root) ?? throw new FileNotFoundException($"{golden} is not above {AppContext.BaseDirectory}; run the benchmark from a checkout.");
        string file = Path.Combine(folder, "tiny.safetensors");
        using WeightFile weights = WeightFile.Open(Path.Combine(root, golden));
        ModelFile.Write(file, TinyConfiguration.Value with
        {
            Categories = [.. Enumerable.Range(1, 4).Select(label => new LabelledCategory(label, label, $"thing {label}"))],
        }, weights.Weights);
        return file;
    }
}
