using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Layers;
using TorchSharp;
using TorchSharp.Modules;
using Convolution = MaskRcnn.Detection.Layers.Convolution;

namespace MaskRcnn.Detection.Training.Initialization;

/// <summary>
/// Random weights to begin with, by the rules of torchvision. Each tensor's values depend on the seed and its name alone.
/// </summary>
internal static class InitialWeights
{
    private const double RpnDeviation = 0.01;

    /// <summary>Fills every parameter of a network; norms begin as identities.</summary>
    public static void Fill(MaskRcnnNetwork network, long seed)
    {
        foreach ((string name, torch.nn.Module module) in network.named_modules().Select(m => (m.name, m.module)))
        {
            switch (module)
            {
                case Convolution convolution:
                    FillConvolution(name, convolution.Weight, convolution.Bias, seed);
                    break;
                case TransposedConvolution transposed:
                    // Its weights are (inputs, outputs, height, width): torch counts its fan-in on the second dimension.
                    FillConvolution(name, transposed.Weight, transposed.Bias, seed);
                    break;
                case FullyConnected layer:
                    Uniform(name, layer.Weight, 1 / Math.Sqrt(layer.Weight.shape[1]), seed);
                    Uniform(name + ".bias", layer.Bias, 1 / Math.Sqrt(layer.Weight.shape[1]), seed);
                    break;
            }
        }
    }

    private static void FillConvolution(string name, Parameter weight, Parameter? bias, long seed)
    {
        long[] shape = weight.shape;
        double area = shape[2] * shape[3], fanIn = shape[1] * area, fanOut = shape[0] * area;
        if (name.StartsWith("rpn.", StringComparison.Ordinal))
            Normal(name, weight, RpnDeviation, seed);
        else if (name.StartsWith("backbone.fpn.", StringComparison.Ordinal))
            Uniform(name, weight, Math.Sqrt(3 / fanIn), seed); // Kaiming, uniform, a = 1
        else
            Normal(name, weight, Math.Sqrt(2 / fanOut), seed); // Kaiming, normal, fan out, ReLU
        if (bias is null)
            return;
        // torchvision leaves the predictors' biases as torch makes them.
        if (name.Contains("_predictor.", StringComparison.Ordinal))
            Uniform(name + ".bias", bias, 1 / Math.Sqrt(fanIn), seed);
        else
            Set(bias, _ => 0);
    }

    private static void Normal(string name, torch.Tensor tensor, double deviation, long seed)
    {
        TrainingRandom random = RandomOf(name, seed);
        Set(tensor, _ => (float)(deviation * random.NextGaussian()));
    }

    private static void Uniform(string name, torch.Tensor tensor, double bound, long seed)
    {
        TrainingRandom random = RandomOf(name, seed);
        Set(tensor, _ => (float)random.NextDouble(-bound, bound));
    }

    private static TrainingRandom RandomOf(string name, long seed) => TrainingRandom.Of([seed, .. name.Select(c => (long)c)]);

    private static unsafe void Set(torch.Tensor tensor, Func<int, float> value)
    {
        Span<float> values = new(ChannelsLast.Pointer(tensor), (int)tensor.numel());
        for (int i = 0; i < values.Length; i++)
            values[i] = value(i);
    }
}
