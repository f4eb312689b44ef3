using System.Runtime.Intrinsics.X86;
using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Native;
using TorchSharp;

namespace MaskRcnn.Detection.Tests.Kernels;

public sealed class ConvolutionKernelTests
{
    public static TheoryData<int, int, int, int, int, int, int> Shapes => new()
    {
        // outputs, inputs, kernel, stride, images, height, width
        { 64, 16, 3, 1, 1, 23, 30 },
        { 48, 32, 3, 1, 2, 8, 9 },
        { 64, 64, 3, 1, 3, 1, 5 },
        { 16, 16, 3, 1, 1, 4, 4 },
        { 64, 3, 7, 2, 2, 33, 41 },
        { 32, 16, 3, 2, 1, 17, 16 },
        { 96, 48, 1, 1, 2, 13, 11 },
        { 15, 64, 1, 1, 1, 9, 1 },
        { 64, 1536, 1, 1, 1, 10, 11 },
        { 33, 40, 1, 2, 1, 9, 12 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_kernel_computes_what_torch_computes(int outputs, int inputs, int kernel, int stride, int images, int height, int width)
    {
        TorchLibrary.EnsureLoaded();
        foreach (bool relu in new[] { false, true })
        {
            foreach (bool add in new[] { false, true })
                AssertSame(outputs, inputs, kernel, stride, images, height, width, relu, add);
        }
    }

    [Theory]
    [InlineData(64, 16, 1, 23, 30)]
    [InlineData(48, 32, 2, 8, 9)]
    [InlineData(16, 48, 3, 1, 5)]
    [InlineData(16, 16, 1, 4, 4)]
    [InlineData(32, 80, 2, 61, 67)]
    [InlineData(32, 16, 0, 14, 14)]
    public void Winograds_gradient_of_the_weights_is_that_of_torch_in_double_precision(int outputs, int inputs, int images, int height, int width)
    {
        TorchLibrary.EnsureLoaded();
        if (!Avx512F.IsSupported)
            return;
        using var scope = torch.NewDisposeScope();
        using torch.Generator random = new(5);
        torch.Tensor input = torch.randn([images, inputs, height, width], generator: random), gradient = torch.randn([images, outputs, height, width], generator: random);
        torch.Tensor weight = torch.zeros([outputs, inputs, 3, 3], dtype: torch.float64, requires_grad: true);
        using (torch.enable_grad())
            (torch.nn.functional.conv2d(input.to(torch.float64), weight, padding: [1, 1]) * gradient.to(torch.float64)).sum().backward();

        torch.Tensor result = WinogradWeightGradient<Float32Element>.Of(ChannelsLast.Of(gradient), ChannelsLast.Of(input));

        // A sum of n products of standard normal numbers is of the size of the root of n.
        double size = Math.Sqrt(Math.Max(1, images * height * width)), error = (result.to(torch.float64) - weight.grad!).abs().max().item<double>();
        Assert.True(error < 1e-5 * size, $"error {error:E2}, size {size:F1}");
    }

    private static void AssertSame(int outputs, int inputs, int kernel, int stride, int images, int height, int width, bool relu, bool add)
    {
        using var scope = torch.NewDisposeScope();
        using torch.Generator random = new(7);
        torch.Tensor weight = torch.randn([outputs, inputs, kernel, kernel], generator: random) * Math.Sqrt(2.0 / (inputs * kernel * kernel));
        torch.Tensor bias = torch.randn([outputs], generator: random), input = torch.randn([images, inputs, height, width], generator: random);
        torch.Tensor expected = torch.nn.functional.conv2d(input.to(torch.float64), weight.to(torch.float64), bias.to(torch.float64), strides: [stride, stride], padding: [kernel / 2, kernel / 2]);
        torch.Tensor? addend = add ? torch.randn(expected.shape, generator: random) : null;
        if (addend is not null)
            expected += addend;
        if (relu)
            expected = expected.relu();
        ConvolutionWeights weights = new(outputs, inputs, kernel, stride, kernel / 2, weight.data<float>().ToArray(), bias.data<float>().ToArray(), relu);
        // libtorch's is what computers without AVX-512 use.
        List<IConvolutionKernel> kernels = [new TorchConvolution(weights, new ExecutionPlan(torch.CPU, Precision.Fp32))];
        if (Avx512F.IsSupported)
            kernels.Add(new MatrixConvolution<Float32Element>(weights));
        if (Avx512F.IsSupported && WinogradConvolution<Float32Element>.Fits(weights))
            kernels.Add(new WinogradConvolution<Float32Element>(weights, torch.ScalarType.Float32));
        foreach (IConvolutionKernel implementation in kernels)
        {
            torch.Tensor result = implementation.Run(ChannelsLast.Of(input), addend is null ? null : ChannelsLast.Of(addend));
            Assert.Equal(expected.shape, result.shape);
            double error = (result.to(torch.float64) - expected).abs().max().item<double>();
            Assert.True(error < 2e-5, $"{implementation.GetType().Name}, relu {relu}, add {add}: error {error:E2}");
            if (addend is not null)
            {
                torch.Tensor reused = implementation.Run(ChannelsLast.Of(input), ChannelsLast.Of(addend).clone(), reuseAddend: true);
                Assert.True((reused.to(torch.float64) - expected).abs().max().item<double>() < 2e-5, $"{implementation.GetType().Name}, in the addend's memory");
            }

            implementation.Dispose();
        }
    }
}
