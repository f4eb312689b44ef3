using System.Globalization;
using MaskRcnn.Jobs.Benchmarks.Cluster;
using MaskRcnn.Jobs.Benchmarks.Evaluation;
using MaskRcnn.Jobs.Benchmarks.NullModel;
using MaskRcnn.Jobs.Benchmarks.Predict;
using MaskRcnn.Jobs.Benchmarks.Scale;
using MaskRcnn.Jobs.Benchmarks.Soak;

string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
int? Number(string name) => Option(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
string data = Path.GetFullPath(Option("--data") ?? Path.Combine(Path.GetTempPath(), "maskrcnn-jobs-benchmark"));

switch (args.FirstOrDefault())
{
    case SiloProcess.CommandName:
        return await SiloProcess.RunAsync(args[1..]);
    case "null-model":
        return await NullModelBenchmark.RunAsync(data, Number("--images") ?? 1_000_000, Number("--workers") ?? 1, Option("--shard-size") is "default" ? null : Number("--shard-size") ?? 2048);
    case "predict" when args.Length > 1:
        return await PredictBenchmark.RunAsync(data, args[1], Option("--model"), Option("--annotations"), Number("--rounds") ?? 3, Number("--shard-size"));
    case "soak" when args.Length > 1:
        return await SoakBenchmark.RunAsync(data, args[1], Option("--model"), Option("--annotations"), Number("--minutes") ?? 60);
    case "evaluation" when args.Length > 1:
        return EvaluationMemoryBenchmark.Run(args[1]);
    case "scale":
        return await ScaleBenchmark.RunAsync(data, Number("--images") ?? 10_000_000, Number("--workers") ?? 1000, Number("--factor") ?? 10, Number("--seed") ?? 1);
    default:
        Console.Error.WriteLine("Usage: MaskRcnn.Jobs.Benchmarks null-model [--images 1000000] [--workers 1] [--shard-size 2048|default] | predict FOLDER [--model FILE] [--annotations FILE] [--rounds 3] [--shard-size N] | soak FOLDER [--model FILE] [--annotations FILE] [--minutes 60] | evaluation FOLDER | scale [--images 10000000] [--workers 1000] [--factor 10] [--seed 1]   [--data DIR]");
        return 2;
}
