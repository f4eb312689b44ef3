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
    private bool _foldsInTraining;
    private ExecutionPlan? _training;

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
        if (_kernel is null && (_norm is null || _foldsInTraining))
            return Differentiable(input, addend);
        torch.Tensor result = _kernel?.Run(input) ?? Convolved(input, _convolution.Weight, _convolution.Bias, null, relu: false);
        if (_norm is not null)
            Replace(ref result, _norm.call(result));
        // In place: a norm does not need its output for its gradient.
        if (addend is not null)
            result.add_(addend);
        return _relu ? result.relu_() : result;
    }

    /// <summary>
    /// Prepares the block for training: a frozen norm is folded into the weights, and our kernels compute where they are
    /// faster. Blocks that nothing before is trained in, and that are frozen themselves, are prepared for inference.
    /// </summary>
    /// <param name="plan">Where and how it computes.</param>
    /// <param name="frozen">Whether neither this block nor any before it is trained.</param>
    public void PrepareTraining(ExecutionPlan plan, bool frozen)
    {
        if (frozen && _norm?.training != true)
        {
            Prepare(plan);
            return;
        }

        _foldsInTraining = _norm is FrozenBatchNorm;
        _training = plan;
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

    /// <summary>The whole block, when it has no norm or one that is folded into the weights.</summary>
    private torch.Tensor Differentiable(torch.Tensor input, torch.Tensor? addend)
    {
        if (_norm is not FrozenBatchNorm frozen)
            return Convolved(input, _convolution.Weight, _convolution.Bias, addend, _relu);
        (torch.Tensor scale, torch.Tensor shift) = frozen.Constants();
        using torch.Tensor scaleOwner = scale, shiftOwner = shift, scales = scale.view(-1, 1, 1, 1), weight = _convolution.Weight.mul(scales);
        return Convolved(input, weight, shift, addend, _relu);
    }

    private torch.Tensor Convolved(torch.Tensor input, torch.Tensor weight, torch.Tensor? bias, torch.Tensor? addend, bool relu)
    {
        if (_training is { } plan)
        {
            TrainedConvolutionRequest request = new(_convolution.Stride, _convolution.Padding, relu, plan);
            if (TrainedConvolution.Fits(weight, request))
                return TrainedConvolution.Of(input, weight, bias, addend, request);
        }

        torch.Tensor result = _convolution.Forward(input, weight, bias);
        if (addend is not null)
            result.add_(addend);
        return relu ? result.relu_() : result;
    }

    private static void Replace(ref torch.Tensor tensor, torch.Tensor next)
    {
        tensor.Dispose();
        tensor = next;
    }
}
