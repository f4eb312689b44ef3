using System.Diagnostics;
using System.Text.Json;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Native;
using MaskRcnn.Detection.Weights;

namespace MaskRcnn.Detection.Benchmarks;

/// <summary>
/// A step of training, in single precision and bfloat16, and torchvision's with the same weights, images and objects: a
/// step of each in turn, so that all meet the same machine.
/// </summary>
internal static class TrainingBenchmark
{
    public static void Run(string? python, int rounds)
    {
        TorchLibrary.EnsureLoaded();
        ModelConfiguration model = ModelPresets.Get("maskrcnn_resnet50_fpn");
        using StateDict weights = ProceduralWeights.Create(model);
        using TrainingSteps single = new(model, weights, Precision.Fp32), half = new(model, weights, Precision.Bf16);
        string folder = Directory.CreateTempSubdirectory().FullName;
        using TorchvisionPeer? peer = python is null ? null : Peer(python, model, weights, folder);
        List<double> peers = [], singles = [], halves = [];
        JsonElement theirs = default;
        double loss = 0;
        for (int round = -1; round < rounds; round++)
        {
            (double fp32, double bf16) = (Seconds(() => loss = single.Next().Total), Seconds(() => half.Next()));
            theirs = peer?.Run() ?? default;
            if (round < 0)
            {
                Console.WriteLine($"first step: loss {loss:F4}{(peer is null ? "" : $", torchvision {theirs.GetProperty("loss").GetDouble():F4} with {theirs.GetProperty("positives").GetInt32()} positive regions")}");
                continue;
            }

            singles.Add(fp32);
            halves.Add(bf16);
            if (peer is not null)
                peers.Add(theirs.GetProperty("total").GetDouble());
        }

        Directory.Delete(folder, recursive: true);
        Console.WriteLine($"{KernelThreads.Count} threads, {rounds} rounds; medians in seconds of a step: torchvision {Median(peers):F2}, fp32 {Median(singles):F2} (ratio {Median(singles) / Median(peers):F2}), bf16 {Median(halves):F2} (ratio {Median(halves) / Median(peers):F2})");
    }

    private static TorchvisionPeer Peer(string python, ModelConfiguration model, StateDict weights, string folder)
    {
        string weightFile = Path.Combine(folder, "model.safetensors"), images = Path.Combine(folder, "images.raw"), objects = Path.Combine(folder, "objects.json");
        ModelFile.Write(weightFile, model, weights);
        File.WriteAllBytes(images, [.. TrainingSteps.Samples.SelectMany(sample => sample.Image.Pixels)]);
        File.WriteAllText(objects, JsonSerializer.Serialize(TrainingSteps.Samples.Select(sample => sample.Instances.Select(i => new[] { (int)i.Box.X1, (int)i.Box.Y1, (int)i.Box.X2, (int)i.Box.Y2 }))));
        return new TorchvisionPeer(python, "torchvision_training.py", [weightFile, images, objects], TrainingSteps.Height, TrainingSteps.Width, KernelThreads.Count);
    }

    private static double Seconds(Action step)
    {
        long start = Stopwatch.GetTimestamp();
        step();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(List<double> seconds) => seconds.Count == 0 ? double.NaN : seconds.Order().ElementAt(seconds.Count / 2);
}
