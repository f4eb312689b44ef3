using System.Diagnostics;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Native;
using MaskRcnn.Detection.Weights;
using TorchSharp;

namespace MaskRcnn.Detection.Benchmarks;

/// <summary>maskrcnn_resnet50_fpn over images of as many sizes: live tensors and resident memory.</summary>
internal static class MemoryBenchmark
{
    public static void Run(int images)
    {
        TorchLibrary.EnsureLoaded();
        ModelConfiguration configuration = ModelPresets.Get("maskrcnn_resnet50_fpn");
        using StateDict weights = ProceduralWeights.Create(configuration);
        using Detector detector = Detector.Load(configuration, weights, "procedural weights", new ExecutionPlan(torch.CPU, Precision.Fp32));
        Random random = new(1);
        for (int i = 1; i <= images; i++)
        {
            (int width, int height) = (random.Next(300, 1300), random.Next(300, 1300));
            byte[] pixels = new byte[width * height * 3];
            random.NextBytes(pixels);
            detector.Detect([new RgbImage(width, height, pixels)]);
            if (i % 10 != 0)
                continue;
            GC.Collect();
            Console.WriteLine($"{i,4} images: {torch.Tensor.TotalCount} live tensors, {Process.GetCurrentProcess().WorkingSet64 >> 20} MB resident");
        }
    }
}
