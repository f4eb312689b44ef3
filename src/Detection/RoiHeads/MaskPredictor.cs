using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Layers;
using TorchSharp;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace MaskRcnn.Detection.RoiHeads;

/// <summary>
/// The mask predictor by our kernels. The transposed convolution has stride 2 and kernel 2: its four outputs
/// around a pixel are four 1×1 convolutions, computed as one product. The last convolution is evaluated for each
/// region's own class only.
/// </summary>
internal sealed unsafe class MaskPredictor : IMaskPredictor
{
    private readonly IConvolutionKernel _enlarge;
    private readonly int _width;
    private readonly float[] _weights;
    private readonly float[] _bias;

    /// <summary>Packs the weights.</summary>
    public MaskPredictor(TransposedConvolution enlarge, Convolution logits, ExecutionPlan plan)
    {
        (int inputs, int width) = ((int)enlarge.Weight.shape[0], (int)enlarge.Weight.shape[1]);
        float[] source = FoldedWeights.Values(enlarge.Weight), bias = FoldedWeights.Values(enlarge.Bias), values = new float[source.Length], biases = new float[4 * width];
        for (int corner = 0; corner < 4; corner++)
        {
            bias.CopyTo(biases, corner * width);
            for (int output = 0; output < width; output++)
            {
                for (int input = 0; input < inputs; input++)
                    values[(corner * width + output) * inputs + input] = source[(input * width + output) * 4 + corner];
            }
        }

        _enlarge = ConvolutionKernels.Create(new ConvolutionWeights(4 * width, inputs, 1, 1, 0, values, biases, Relu: true), plan);
        _width = width;
        _weights = FoldedWeights.Values(logits.Weight);
        _bias = FoldedWeights.Values(logits.Bias!);
    }

    /// <summary>Whether the channels fill whole vectors.</summary>
    public static bool Fits(TransposedConvolution enlarge) => enlarge.Weight.shape[1] % V.Count == 0;

    /// <inheritdoc/>
    public torch.Tensor Run(torch.Tensor features, int[] channels)
    {
        int height = (int)features.shape[2], width = (int)features.shape[3];
        torch.Tensor probabilities = torch.empty(channels.Length, 2 * height, 2 * width);
        using torch.Tensor enlarged = _enlarge.Run(features);                      // (K, 4 · O, h, w), (corner, O) innermost
        nint source = (nint)ChannelsLast.Pointer(enlarged), target = (nint)ChannelsLast.Pointer(probabilities);
        bool half = enlarged.dtype == torch.ScalarType.BFloat16;
        KernelThreads.For(channels.Length, region =>
        {
            nint from = (nint)region * height * width * 4 * _width;
            float* to = (float*)target + (nint)region * height * width * 4;
            if (half)
                Evaluate((BFloat16Element*)source + from, channels[region], height, width, to);
            else
                Evaluate((Float32Element*)source + from, channels[region], height, width, to);
        });
        return probabilities;
    }

    /// <inheritdoc/>
    public void Dispose() => _enlarge.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Evaluate<T>(T* source, int channel, int height, int width, float* target)
        where T : unmanaged, IKernelElement<T>
    {
        fixed (float* weights = &_weights[channel * _width])
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    for (int corner = 0; corner < 4; corner++, source += _width)
                    {
                        V sum = V.Zero;
                        for (int c = 0; c < _width; c += V.Count)
                            sum = Vector512.FusedMultiplyAdd(T.Load(source + c), Vector512.Load(weights + c), sum);
                        float logit = Vector512.Sum(sum) + _bias[channel];
                        target[(2 * y + corner / 2) * 2 * width + 2 * x + corner % 2] = 1 / (1 + MathF.Exp(-logit));
                    }
                }
            }
        }
    }
}
