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
        TrainingBenchmark.Run(Option("--peer"), int.Parse(Option("--rounds") ?? "5", System.Globalization.CultureInfo.InvariantCulture));
        return 0;
    case "training-memory":
        TrainingMemoryBenchmark.Run(steps: 30);
        return 0;
    case "loader" when args.Length > 2:
        LoaderBenchmark.Run(args[1], args[2]);
        return 0;
    default:
        Console.Error.WriteLine("Usage: MaskRcnn.Detection.Benchmarks convolutions | model [--peer python3] [--rounds 9] | pipeline FOLDER | memory | training [--peer python3] [--rounds 5] | training-memory | loader ANNOTATIONS.json FOLDER");
        return 2;
}
