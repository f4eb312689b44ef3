using MaskRcnn.Detection.Benchmarks;

switch (args.FirstOrDefault())
{
    case "convolutions":
        ConvolutionBenchmark.Run(repeats: 7);
        return 0;
    default:
        Console.Error.WriteLine("Usage: MaskRcnn.Detection.Benchmarks convolutions");
        return 2;
}
