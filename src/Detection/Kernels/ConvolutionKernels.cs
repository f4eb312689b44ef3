using MaskRcnn.Detection.Layers;
using TorchSharp;

namespace MaskRcnn.Detection.Kernels;

/// <summary>Chooses the fastest exact kernel for a convolution.</summary>
internal static class ConvolutionKernels
{
    /// <summary>Ours gather pixels; with fewer channels, as in the stem, oneDNN is faster.</summary>
    private const int FewestInputs = 16;

    /// <summary>The kernel for a convolution whose input and output have the plan's type.</summary>
    public static IConvolutionKernel Create(ConvolutionWeights weights, ExecutionPlan plan)
    {
        if (!plan.OwnKernels || weights.Inputs < FewestInputs)
            return new TorchConvolution(weights, plan);
        return (plan.Precision, WinogradConvolution<Float32Element>.Fits(weights)) switch
        {
            (Precision.Fp32, true) => new WinogradConvolution<Float32Element>(weights, plan.Type),
            (Precision.Fp32, false) => new MatrixConvolution<Float32Element>(weights),
            (_, true) => new WinogradConvolution<BFloat16Element>(weights, plan.Type),
            (_, false) => new TorchConvolution(weights, plan),
        };
    }

    /// <summary>The kernel for a last layer: whatever the plan's type, the output is single precision.</summary>
    public static IConvolutionKernel CreateOutput(ConvolutionWeights weights, ExecutionPlan plan)
    {
        if (!plan.OwnKernels)
            return new TorchConvolution(weights, plan, torch.ScalarType.Float32);
        return plan.Precision == Precision.Fp32 ? new MatrixConvolution<Float32Element>(weights) : new MatrixConvolution<BFloat16Element>(weights);
    }
}
