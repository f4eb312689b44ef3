using System.Diagnostics;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Training.Augmentation;
using MaskRcnn.Detection.Training.Data;
using MaskRcnn.Detection.Training.Loading;

namespace MaskRcnn.Detection.Benchmarks;

/// <summary>How many samples a second one thread of the training loader makes: crops of 256 × 256 with everything that training nuclei asks for.</summary>
internal static class LoaderBenchmark
{
    private const int Crop = 256, BatchSize = 4, Steps = 500;

    public static void Run(string annotations, string images)
    {
        Stopwatch clock = Stopwatch.StartNew();
        CocoDataset dataset = CocoReader.ReadDataset(annotations);
        IReadOnlyList<LabelledCategory> categories = TrainingCategories.FromData(dataset.Categories);
        TrainingDataset data = TrainingDataset.Open(annotations, dataset, images, new ModelConfiguration { Classes = categories.Count + 1, Categories = categories });
        Console.WriteLine($"opened in {clock.Elapsed.TotalSeconds:f2} s: {data.Report.Images} images, {data.Report.Instances} objects");
        foreach (TrainingDataFinding finding in data.Report.Findings) Console.WriteLine(finding);
        clock.Restart();
        for (int i = 0; i < data.Images.Count; i++) data.Read(i);
        Console.WriteLine($"decoded once in {clock.Elapsed.TotalSeconds:f2} s");

        AugmentationConfiguration plain = new() { Crop = Crop };
        AugmentationConfiguration jitter = plain with { ScaleLow = 0.7, ScaleHigh = 1.5, VerticalFlip = 0.5, QuarterTurns = 1 };
        AugmentationConfiguration color = jitter with { Brightness = 0.3, Contrast = 0.3, Saturation = 0.2, Hue = 0.05, Gamma = 0.3, Invert = 0.1 };
        AugmentationConfiguration all = color with { CopyPaste = 0.5, BlurProbability = 0.3, NoiseProbability = 0.3 };
        foreach ((string name, AugmentationConfiguration settings) in ((string, AugmentationConfiguration)[])[("crop and flip", plain), ("scale jitter, flips, turns", jitter), ("and colour", color), ("and copy-paste, blur, noise", all)])
        {
            using TrainingLoader loader = new(data, new TrainingLoaderOptions { BatchSize = BatchSize, Augmentation = settings, Transform = new TransformConfiguration { MinSizes = [Crop] } });
            loader.Next().Dispose();
            TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
            clock.Restart();
            for (int step = 0; step < Steps; step++) loader.Next().Dispose();
            // The processor's time is that of one thread, and of the collector: on a busy machine it says more than the clock.
            double processor = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
            Console.WriteLine($"{name}: {Steps * BatchSize / clock.Elapsed.TotalSeconds:f0} samples a second, {Steps * BatchSize / processor:f0} a second of the processor");
        }
    }
}
