using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Weights;
using TorchSharp;

namespace MaskRcnn.Detection.Tests.Golden;

/// <summary>The small model of the golden data: bottlenecks [1, 1, 1, 1], FPN of 64 channels, 5 classes.</summary>
internal static class TinyModel
{
    public static ModelConfiguration Configuration => TinyConfiguration.Value;

    /// <summary>The network with its weights; prepared for a precision, or with torch's operators when that is null.</summary>
    public static MaskRcnnNetwork Load(Precision? precision)
    {
        MaskRcnnNetwork network = new(Configuration);
        using WeightFile file = WeightFile.Open(GoldenFile.PathOf("tiny_model.safetensors"));
        NetworkLoader.Load(network, file.Weights, file.Path);
        network.eval();
        if (precision is { } p)
            network.Prepare(new ExecutionPlan(torch.CPU, p));
        return network;
    }
}
