using System.Diagnostics;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Native;
using MaskRcnn.Detection.Weights;
using TorchSharp;

namespace MaskRcnn.Detection.Benchmarks;

/// <summary>Steps of training of maskrcnn_resnet50_fpn: live tensors and resident memory.</summary>
internal static class TrainingMemoryBenchmark
{
    public static void Run(int steps)
    {
        TorchLibrary.EnsureLoaded();
        ModelConfiguration model = ModelPresets.Get("maskrcnn_resnet50_fpn");
        using StateDict weights = ProceduralWeights.Create(model);
        using TrainingSteps training = new(model, weights, Precision.Fp32);
        for (int i = 1; i <= steps; i++)
        {
            training.Next();
            GC.Collect();
            Console.WriteLine($"{i,4} steps: {torch.Tensor.TotalCount} live tensors, {Process.GetCurrentProcess().WorkingSet64 >> 20} MB resident");
        }
    }
}
