using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Benchmarks;

string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

switch (args.FirstOrDefault())
{
    case "convolutions":
        ConvolutionBenchmark.Run(repeats: 7);
        return 0;
    case "model":
        ModelBenchmark.Run(Option("--peer"), int.Parse(Option("--rounds") ?? "9", System.Globalization.CultureInfo.InvariantCulture));
        return 0;
    case "pipeline" when args.Length > 1:
        await PipelineBenchmark.RunAsync(args[1], rounds: 5);
        return 0;
    case "memory":
        MemoryBenchmark.Run(images: 100);
        return 0;
    case "training":
        TrainingBenchmark.Run(new() { Model = ModelPresets.Get("maskrcnn_resnet50_fpn") }, 800, 1088, objects: 7, side: 120, steps: 5);
        return 0;
    case "nuclei":
        int[] widths = [.. (Option("--widths") ?? "32,64,128,256").Split(',').Select(int.Parse)];
        int fpn = int.Parse(Option("--fpn") ?? "128"), rois = int.Parse(Option("--rois") ?? "256");
        ModelConfiguration model = new()
        {
            Backbone = new() { Block = ResidualBlock.Basic, StageBlocks = [2, 2, 2, 2], StemWidth = 32, StageWidths = widths, Norm = new() { Kind = NormKind.Batch } },
            Fpn = new() { Channels = fpn },
            Rpn = new() { AnchorSizes = [[8], [16], [32], [64], [128]] },
            RoiPooling = new() { CanonicalSize = 56 },
            BoxHead = new() { Width = int.Parse(Option("--box") ?? "256") },
            MaskHead = new() { ConvolutionWidths = [fpn, fpn, fpn, fpn], PredictorWidth = fpn },
            Transform = new() { MinSizes = [256] },
            Classes = 2,
        };
        TrainingBenchmark.Run(new() { Model = model, BatchSize = 4, TrainedBackboneStages = 5, Sampling = new() { BatchSize = rois, RpnPreNmsTopN = 1000, RpnPostNmsTopN = 1000 } }, 256, 256, objects: 15, side: 24, steps: 12);
        return 0;
    default:
        Console.Error.WriteLine("Usage: MaskRcnn.Detection.Benchmarks convolutions | model [--peer python3] [--rounds 9] | pipeline FOLDER | memory");
        return 2;
}
