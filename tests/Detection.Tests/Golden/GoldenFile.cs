using System.Runtime.CompilerServices;
using System.Text.Json;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Native;
using MaskRcnn.Detection.Weights;
using TorchSharp;

namespace MaskRcnn.Detection.Tests.Golden;

/// <summary>Tensors and numbers that torchvision computed, from tests/data/detection/golden.</summary>
internal sealed class GoldenFile : IDisposable
{
    private readonly WeightFile _file;

    public GoldenFile(string name)
    {
        TorchLibrary.EnsureLoaded();
        _file = WeightFile.Open(PathOf($"{name}.safetensors"));
        string json = PathOf($"{name}.json");
        Json = File.Exists(json) ? JsonDocument.Parse(File.ReadAllText(json)).RootElement : default;
    }

    public JsonElement Json { get; }

    public StateDict Tensors => _file.Weights;

    public static string PathOf(string name) => Path.Combine(Folder(), name);

    public float[] Floats(string name) => _file.Weights[name].ToFloats();

    public long[] Integers(string name) => _file.Weights[name].ToIntegers();

    public int[] Shape(string name) => [.. _file.Weights[name].Shape.Select(length => (int)length)];

    public Box[] Boxes(string name) => BoxesOf(Floats(name));

    /// <summary>The tensor in torch's usual order.</summary>
    public torch.Tensor Tensor(string name) => torch.tensor(Floats(name), [.. _file.Weights[name].Shape]);

    /// <summary>The tensor in channels-last order.</summary>
    public torch.Tensor Features(string name)
    {
        using torch.Tensor tensor = Tensor(name);
        return ChannelsLast.Of(tensor);
    }

    public static Box[] BoxesOf(float[] values) => [.. values.Chunk(4).Select(b => new Box(b[0], b[1], b[2], b[3]))];

    public void Dispose() => _file.Dispose();

    private static string Folder([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../../data/detection/golden"));
}
