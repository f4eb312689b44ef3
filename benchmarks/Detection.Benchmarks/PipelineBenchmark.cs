using System.Diagnostics;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Native;
using MaskRcnn.Detection.Prediction;
using MaskRcnn.Detection.Weights;
using TorchSharp;

namespace MaskRcnn.Detection.Benchmarks;

/// <summary>
/// Whether decoding and encoding hide behind the model: the images/s of a prediction pipeline from files to compressed
/// masks, beside those of the bare model on the decoded images. The model is narrow, so that both matter.
/// </summary>
internal static class PipelineBenchmark
{
    public static async Task RunAsync(string folder, int rounds)
    {
        TorchLibrary.EnsureLoaded();
        string[] files = [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)];
        using Detector detector = Narrow();
        RgbImage[] images = [.. files.Select(file => ImageDecoder.DecodeFile(file).Image)];
        double decoding = Seconds(() => Array.ForEach(files, file => ImageDecoder.DecodeFile(file)));
        PredictionPipeline pipeline = new(detector, new PredictionOptions());
        List<double> ratios = [], bare = [];
        for (int round = -1; round < rounds; round++)
        {
            double model = Seconds(() => Array.ForEach(images, image => Compress(detector.Detect([image])[0])));
            double whole = await SecondsAsync(pipeline, files);
            if (round < 0)
                continue;
            ratios.Add(model / whole);
            bare.Add(files.Length / model);
        }

        ratios.Sort();
        bare.Sort();
        Console.WriteLine($"{files.Length} images, {KernelThreads.Count} threads, {rounds} rounds: the bare model {bare[rounds / 2]:F1} images/s; decoding alone takes {decoding:F2} s on one thread; the pipeline has {ratios[rounds / 2]:F3} of the bare model's images/s ({ratios[0]:F3} to {ratios[^1]:F3})");
    }

    private static async Task<double> SecondsAsync(PredictionPipeline pipeline, string[] files)
    {
        long start = Stopwatch.GetTimestamp();
        await foreach (int _ in pipeline.RunAsync(files.Select(file => new PredictionInput(file, () => File.ReadAllBytes(file))), prediction => Compress(prediction.Detections!)))
        {
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static int Compress(ImageDetections detections) => detections.Instances.Sum(instance => instance.Mask!.ToCompressed().Length);

    private static double Seconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static Detector Narrow()
    {
        ModelConfiguration configuration = ModelPresets.Get("maskrcnn_resnet18_fpn");
        configuration = configuration with
        {
            Name = "narrow",
            Transform = configuration.Transform with { MinSizes = [384], MaxSize = 640 },
            Backbone = configuration.Backbone with { StemWidth = 16, InnerWidths = [16, 32, 64, 128], StageWidths = [16, 32, 64, 128] },
            Fpn = new() { Channels = 32 },
            Rpn = configuration.Rpn with { PreNmsTopN = 300, PostNmsTopN = 300 },
            BoxHead = new() { Width = 128 },
            MaskHead = new() { ConvolutionWidths = [32, 32], PredictorWidth = 32 },
            Classes = 2,
            Categories = [new(1, 1, "nucleus")],
        };
        using StateDict weights = ProceduralWeights.Create(configuration);
        return Detector.Load(configuration, weights, "procedural weights", new ExecutionPlan(torch.CPU, Precision.Fp32));
    }
}
