using MaskRcnn.Detection.Layers;
using TorchSharp;

namespace MaskRcnn.Detection.Kernels;

/// <summary>A transposed convolution by libtorch, with its weights on a device.</summary>
internal sealed class TorchTransposedConvolution : IDisposable
{
    private readonly long[] _stride;
    private readonly long[] _padding;
    private readonly torch.Tensor _weight;
    private readonly torch.Tensor _bias;

    /// <summary>Copies the weights to a device, in a type.</summary>
    public TorchTransposedConvolution(TransposedConvolution layer, torch.ScalarType type, torch.Device device)
    {
        _stride = [.. layer.Stride];
        _padding = [.. layer.Padding];
        _weight = Copy(layer.Weight, type, device);
        _bias = Copy(layer.Bias, type, device);
    }

    /// <summary>(N, C, H, W), of any type, to (N, O, H', W') in the type of the weights.</summary>
    public torch.Tensor Run(torch.Tensor input)
    {
        using torch.Tensor source = input.to(_weight.dtype);
        return torch.nn.functional.conv_transpose2d(source, _weight, _bias, strides: _stride, padding: _padding);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weight.Dispose();
        _bias.Dispose();
    }

    /// <summary>A parameter's values, without its gradient.</summary>
    internal static torch.Tensor Copy(torch.Tensor parameter, torch.ScalarType type, torch.Device device)
    {
        using torch.Tensor values = parameter.detach();
        return values.to(type, device, copy: true).DetachFromDisposeScope();
    }
}
