using System.Diagnostics;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Native;
using MaskRcnn.Detection.Weights;
using TorchSharp;

namespace MaskRcnn.Detection.Benchmarks;

/// <summary>
/// maskrcnn_resnet50_fpn on one 3×800×1088 image, in single precision and bfloat16, and torchvision's with the same
/// weights on the same image: a run of each in turn, so that all meet the same machine.
/// </summary>
internal static class ModelBenchmark
{
    private const int Height = 800, Width = 1088;

    public static void Run(string? python, int rounds)
    {
        TorchLibrary.EnsureLoaded();
        ModelConfiguration configuration = ModelPresets.Get("maskrcnn_resnet50_fpn");
        string folder = Directory.CreateTempSubdirectory().FullName;
        string weightFile = Path.Combine(folder, "model.safetensors"), imageFile = Path.Combine(folder, "image.raw");
        using StateDict weights = ProceduralWeights.Create(configuration);
        byte[] pixels = new byte[Height * Width * 3];
        new Random(1).NextBytes(pixels);
        ModelFile.Write(weightFile, configuration, weights);
        File.WriteAllBytes(imageFile, pixels);
        RgbImage image = new(Width, Height, pixels);
        using Detector single = Detector.Load(configuration, weights, weightFile, new ExecutionPlan(torch.CPU, Precision.Fp32));
        using Detector half = Detector.Load(configuration, weights, weightFile, new ExecutionPlan(torch.CPU, Precision.Bf16));
        TorchvisionPeer? peer = python is null ? null : new TorchvisionPeer(python, "torchvision_maskrcnn.py", [weightFile, imageFile], Height, Width, KernelThreads.Count);

        List<ModelRun> peerRuns = [], singleRuns = [], halfRuns = [];
        for (int round = -2; round < rounds; round++)
        {
            Add(singleRuns, round, () => Ours(single, image));
            Add(halfRuns, round, () => Ours(half, image));
            if (peer is not null)
                Add(peerRuns, round, peer.RunModel);
        }

        peer?.Dispose();
        Directory.Delete(folder, recursive: true);
        Print(peerRuns, singleRuns, halfRuns, single.Infer([image])[0].Proposals);
    }

    private static void Add(List<ModelRun> runs, int round, Func<ModelRun> run)
    {
        ModelRun result = run();
        if (round >= 0)
            runs.Add(result);
    }

    private static ModelRun Ours(Detector detector, RgbImage image)
    {
        StageClock clock = new();
        long start = Stopwatch.GetTimestamp();
        ImageDetections found = detector.Detect([image], clock)[0];
        return new ModelRun(Stopwatch.GetElapsedTime(start).TotalSeconds, found.Instances.Count, clock.Seconds);
    }

    private static void Print(List<ModelRun> peer, List<ModelRun> single, List<ModelRun> half, int proposals)
    {
        Console.WriteLine($"{KernelThreads.Count} threads, {single.Count} rounds, {proposals} proposals, detections: ours {single[0].Detections} and {half[0].Detections}{(peer.Count > 0 ? $", torchvision {peer[0].Detections}" : "")}; medians in milliseconds");
        Console.WriteLine();
        Console.WriteLine("| stage | torchvision | fp32 | ratio | bf16 | ratio |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (string stage in single[0].Stages.Keys)
            Row(stage, run => run.Stages.GetValueOrDefault(stage));
        Row("**whole**", run => run.Total);

        void Row(string name, Func<ModelRun, double> seconds)
        {
            double theirs = Median(peer, seconds), ours = Median(single, seconds), halved = Median(half, seconds);
            Console.WriteLine($"| {name} | {theirs * 1e3:F0} | {ours * 1e3:F0} | {ours / theirs:F2} | {halved * 1e3:F0} | {halved / theirs:F2} |");
        }
    }

    private static double Median(List<ModelRun> runs, Func<ModelRun, double> seconds) =>
        runs.Count == 0 ? double.NaN : runs.Select(seconds).Order().ElementAt(runs.Count / 2);
}
