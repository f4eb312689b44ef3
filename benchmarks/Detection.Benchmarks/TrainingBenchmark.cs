using System.Diagnostics;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Native;
using MaskRcnn.Detection.Training;
using MaskRcnn.Detection.Training.Data;
using MaskRcnn.Detection.Training.Initialization;
using MaskRcnn.Detection.Training.Loading;
using MaskRcnn.Detection.Transform;
using TorchSharp;

namespace MaskRcnn.Detection.Benchmarks;

/// <summary>Steps of training on made-up images.</summary>
internal static class TrainingBenchmark
{
    public static void Run(TrainingConfiguration configuration, int height, int width, int objects, int side, int steps)
    {
        TorchLibrary.EnsureLoaded();
        foreach (Precision precision in new[] { Precision.Fp32, Precision.Bf16 })
        {
            using MaskRcnnNetwork network = new(configuration.Model);
            InitialWeights.Fill(network, seed: 1);
            long parameters = network.named_parameters().Sum(p => p.parameter.numel());
            using Trainer trainer = new(network, configuration with { Precision = precision }, torch.CPU);
            TrainingSample[] samples = [.. Enumerable.Range(0, configuration.BatchSize).Select(i => Sample(i, height, width, objects, side))];
            List<double> seconds = [];
            for (int step = 0; step < steps; step++)
            {
                using TrainingBatch batch = new(step, new ImageTransform(configuration.Model.Transform).ToBatch([.. samples.Select(s => s.Image)]), samples);
                long start = Stopwatch.GetTimestamp();
                TrainingStep result = trainer.Step(step, [batch]);
                seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
                Console.WriteLine($"{precision} step {result.Step}: {seconds[^1]:F3} s, total {result.Total:F4} {string.Join(' ', result.Losses.Select(l => $"{l.Key}={l.Value:F3}"))}");
            }

            Console.WriteLine($"{precision}: median {seconds.Order().ElementAt(seconds.Count / 2):F3} s of {steps} steps; {parameters:N0} parameters; {KernelThreads.Count} threads");
        }
    }

    private static TrainingSample Sample(int seed, int height, int width, int objects, int side)
    {
        Random random = new(seed);
        byte[] pixels = new byte[height * width * 3];
        random.NextBytes(pixels);
        List<TrainingInstance> instances = [];
        for (int i = 0; i < objects; i++)
        {
            int x = random.Next(width - side), y = random.Next(height - side);
            InstanceMask mask = InstanceMask.Of(x, y, side, side, [.. Enumerable.Repeat((byte)1, side * side)])!;
            instances.Add(new TrainingInstance(1, mask.Extents) { Mask = mask });
        }

        return new TrainingSample(seed, new RgbImage(width, height, pixels), instances);
    }
}
