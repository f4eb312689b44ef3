using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Kernels;
using TorchSharp;

namespace MaskRcnn.Detection.Layers;

/// <summary>
/// Convolution, norm, ReLU: what the network is made of. Until it is prepared it computes with torch's operators,
/// differentiably; prepared for inference, with one fused kernel.
/// </summary>
internal sealed class ConvolutionBlock : IDisposable
{
    private readonly Convolution _convolution;
    private readonly Norm? _norm;
    private readonly bool _relu;
    private IConvolutionKernel? _kernel;
    private bool _normFolded;

    /// <summary>Registers the layers in their owner under torchvision's names.</summary>
    /// <param name="owner">The module that owns them.</param>
    /// <param name="convolutionName">Path of the convolution in the owner.</param>
    /// <param name="normName">Path of the norm; ignored when there is none.</param>
    /// <param name="inputs">Input channels.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="kernel">Side of the kernel; its padding is half of it.</param>
    /// <param name="stride">Stride.</param>
    /// <param name="norm">The norm; with none, the convolution has a bias.</param>
    /// <param name="relu">Whether a ReLU follows.</param>
    public ConvolutionBlock(torch.nn.Module owner, string convolutionName, string normName, int inputs, int outputs, int kernel, int stride, NormConfiguration norm, bool relu)
    {
        _convolution = owner.Add(convolutionName, new Convolution(inputs, outputs, kernel, stride, kernel / 2, bias: norm.Kind == NormKind.None));
        _norm = Norm.Create(norm, outputs);
        if (_norm is not null)
            owner.Add(normName, _norm);
        _relu = relu;
    }

    /// <summary>The convolution's parameters.</summary>
    public Convolution Convolution => _convolution;

    /// <summary>Computes the block.</summary>
    /// <param name="input">(N, C, H, W).</param>
    /// <param name="addend">Added before the ReLU: a residual or an upsampled level; or null.</param>
    /// <param name="reuseAddend">Whether the addend is not needed afterwards: the result may then take its memory.</param>
    /// <returns>(N, O, H', W').</returns>
    public torch.Tensor Forward(torch.Tensor input, torch.Tensor? addend = null, bool reuseAddend = false)
    {
        if (_kernel is not null && (_norm is null || _normFolded))
            return _kernel.Run(input, addend, reuseAddend);
        torch.Tensor result = _kernel is null ? _convolution.call(input) : _kernel.Run(input);
        if (_norm is not null)
            Replace(ref result, _norm.call(result));
        if (addend is not null)
            Replace(ref result, result.add(addend));
        if (_relu)
            Replace(ref result, result.relu());
        return result;
    }

    /// <summary>Prepares the block for inference; its parameters are then no longer used.</summary>
    public void Prepare(ExecutionPlan plan)
    {
        (double[] Scale, double[] Shift)? affine = _norm?.Affine();
        _normFolded = affine is not null;
        _norm?.Prepare(plan);
        ConvolutionWeights weights = FoldedWeights.Of(_convolution, affine, _relu && (_norm is null || _normFolded));
        _kernel?.Dispose();
        _kernel = ConvolutionKernels.Create(weights, plan);
    }

    /// <inheritdoc/>
    public void Dispose() => _kernel?.Dispose();

    private static void Replace(ref torch.Tensor tensor, torch.Tensor next)
    {
        tensor.Dispose();
        tensor = next;
    }
}
