using System.Diagnostics;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Weights;
using TorchSharp;

namespace MaskRcnn.Detection.Benchmarks;

internal static class ModelBenchmark
{
    public static void Run(Precision precision, int runs)
    {
        ModelConfiguration configuration = ModelPresets.Get("maskrcnn_resnet50_fpn");
        using StateDict weights = ProceduralWeights.Create(configuration);
        MaskRcnnNetwork network = new(configuration);
        NetworkLoader.Load(network, weights, "procedural");
        network.eval();
        using Detector detector = new(network, new ExecutionPlan(torch.CPU, precision));
        byte[] pixels = new byte[800 * 1088 * 3];
        new Random(1).NextBytes(pixels);
        RgbImage image = new(1088, 800, pixels);
        for (int i = 0; i < 2; i++)
            detector.Detect([image]);
        for (int i = 0; i < runs; i++)
        {
            StageClock clock = new();
            long start = Stopwatch.GetTimestamp();
            ImageDetections found = detector.Detect([image], clock)[0];
            Console.WriteLine($"{Stopwatch.GetElapsedTime(start).TotalSeconds:F3} s, {found.Instances.Count} detections: " + string.Join(", ", clock.Seconds.Select(s => $"{s.Key} {s.Value * 1e3:F0}")));
        }
    }
}
