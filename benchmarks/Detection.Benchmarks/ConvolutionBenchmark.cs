using System.Diagnostics;
using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Native;
using TorchSharp;

namespace MaskRcnn.Detection.Benchmarks;

/// <summary>Our convolution kernels beside libtorch's (oneDNN), on the shapes of ResNet-50-FPN at 800×1088.</summary>
internal static class ConvolutionBenchmark
{
    public static void Run(int repeats)
    {
        TorchLibrary.EnsureLoaded();
        Console.WriteLine($"{KernelThreads.Count} threads; GFLOP/s counts the multiplications of direct convolution");
        Console.WriteLine($"{"bf16 oneDNN",10}{"Winograd",10}  {"shape",-34}{"torch",10}{"ours",10}{"ratio",8}{"GFLOP/s",10}");
        (int O, int C, int K, int S, int N, int H, int W)[] shapes =
        [
            (64, 3, 7, 2, 1, 800, 1088), (64, 64, 3, 1, 1, 200, 272), (256, 64, 1, 1, 1, 200, 272), (64, 256, 1, 1, 1, 200, 272),
            (128, 128, 3, 1, 1, 100, 136), (512, 128, 1, 1, 1, 100, 136), (256, 256, 3, 1, 1, 50, 68), (1024, 256, 1, 1, 1, 50, 68),
            (512, 512, 3, 1, 1, 25, 34), (512, 512, 3, 2, 1, 50, 68), (2048, 512, 1, 1, 1, 25, 34), (256, 256, 3, 1, 1, 200, 272), (256, 256, 3, 1, 100, 14, 14), (256, 256, 3, 1, 1000, 7, 7),
            (15, 256, 1, 1, 1, 200, 272),
        ];
        foreach (var s in shapes)
        {
            using var scope = torch.NewDisposeScope();
            torch.Tensor input = ChannelsLast.Of(torch.randn(s.N, s.C, s.H, s.W)), weight = ChannelsLast.Of(torch.randn(s.O, s.C, s.K, s.K)), bias = torch.randn(s.O);
            ConvolutionWeights weights = new(s.O, s.C, s.K, s.S, s.K / 2, weight.contiguous().data<float>().ToArray(), bias.data<float>().ToArray(), false);
            using IConvolutionKernel kernel = WinogradConvolution<Float32Element>.Fits(weights)
                ? new WinogradConvolution<Float32Element>(weights, torch.ScalarType.Float32) : new MatrixConvolution<Float32Element>(weights);
            double theirs = Median(repeats, () => torch.nn.functional.conv2d(input, weight, bias, strides: [s.S, s.S], padding: [s.K / 2, s.K / 2]).Dispose());
            double ours = Median(repeats, () => kernel.Run(input).Dispose());
            double flops = 2.0 * s.N * weights.OutputLength(s.H) * weights.OutputLength(s.W) * s.O * s.C * s.K * s.K;
            ExecutionPlan half = new(torch.CPU, Precision.Bf16);
            using torch.Tensor halfInput = ChannelsLast.Of(input.to(torch.bfloat16));
            using TorchConvolution direct = new TorchConvolution(weights, half);
            using WinogradConvolution<BFloat16Element>? winograd = WinogradConvolution<BFloat16Element>.Fits(weights) ? new WinogradConvolution<BFloat16Element>(weights, torch.ScalarType.BFloat16) : null;
            double oneDnn = Median(repeats, () => direct.Run(halfInput).Dispose());
            double halved = winograd is null ? double.NaN : Median(repeats, () => winograd.Run(halfInput).Dispose());
            Console.Write($"{oneDnn * 1e3,8:F1}ms{halved * 1e3,8:F1}ms  ");
            Console.WriteLine($"{$"{s.N}×{s.C}×{s.H}×{s.W} → {s.O}, {s.K}×{s.K}/{s.S}",-34}{theirs * 1e3,8:F1}ms{ours * 1e3,8:F1}ms{ours / theirs,8:F2}{flops / ours / 1e9,10:F0}");
        }
    }

    internal static double Median(int repeats, Action action)
    {
        action();
        double[] seconds = new double[repeats];
        for (int i = 0; i < repeats; i++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        Array.Sort(seconds);
        return seconds[repeats / 2];
    }
}
