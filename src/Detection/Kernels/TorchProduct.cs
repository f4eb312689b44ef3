using MaskRcnn.Detection.Layers;
using TorchSharp;

namespace MaskRcnn.Detection.Kernels;

/// <summary>A convolution that covers its whole input, and so has one output a filter, as libtorch's matrix product.</summary>
internal sealed class TorchProduct : IConvolutionKernel
{
    private readonly bool _relu;
    private readonly torch.Tensor _weight;
    private readonly torch.Tensor _bias;

    /// <summary>Copies the weights to the device.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="plan">Device and precision.</param>
    /// <param name="output">Type of the product and its result; the plan's when null.</param>
    public TorchProduct(ConvolutionWeights weights, ExecutionPlan plan, torch.ScalarType? output = null)
    {
        _relu = weights.Relu;
        torch.ScalarType type = output ?? plan.Type;
        using torch.Tensor values = torch.tensor(weights.Values, weights.Outputs, weights.Inputs, weights.Kernel, weights.Kernel), bias = torch.tensor(weights.Bias);
        // In the order of channels-last inputs: y, x, channel.
        using torch.Tensor ordered = values.permute(0, 2, 3, 1), flat = ordered.flatten(1);
        _weight = flat.to(type, plan.Device, copy: true).DetachFromDisposeScope();
        _bias = bias.to(type, plan.Device, copy: true).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public torch.Tensor Run(torch.Tensor input, torch.Tensor? addend = null, bool reuseAddend = false)
    {
        if (addend is not null)
            throw new NotSupportedException("A fully connected layer has nothing added to it.");
        using torch.Tensor ordered = input.permute(0, 2, 3, 1), flat = ordered.flatten(1), typed = flat.to(_weight.dtype);
        using torch.Tensor product = torch.nn.functional.linear(typed, _weight, _bias);
        if (_relu)
            product.relu_();
        return product.view(product.shape[0], product.shape[1], 1, 1);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weight.Dispose();
        _bias.Dispose();
    }
}
