using MaskRcnn.Detection.Benchmarks;

switch (args.FirstOrDefault())
{
    case "convolutions":
        ConvolutionBenchmark.Run(repeats: 7);
        return 0;
    case "model":
        ModelBenchmark.Run(args.Length > 1 && args[1] == "bf16" ? MaskRcnn.Detection.Layers.Precision.Bf16 : MaskRcnn.Detection.Layers.Precision.Fp32, runs: 5);
        return 0;
    default:
        Console.Error.WriteLine("Usage: MaskRcnn.Detection.Benchmarks convolutions");
        return 2;
}
