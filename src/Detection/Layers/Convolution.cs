using TorchSharp;
using TorchSharp.Modules;

namespace MaskRcnn.Detection.Layers;

/// <summary>A convolution's parameters: <c>weight</c> (O, C, K, K) and, without a norm after it, <c>bias</c> (O).</summary>
internal sealed class Convolution : torch.nn.Module<torch.Tensor, torch.Tensor>
{
    private readonly long[] _stride;
    private readonly long[] _padding;
    private readonly bool _hasBias;

    /// <summary>Makes the parameters; their values are undefined until they are initialised or loaded.</summary>
    public Convolution(int inputs, int outputs, int kernel, int stride, int padding, bool bias)
        : base(nameof(Convolution))
    {
        _stride = [stride, stride];
        _padding = [padding, padding];
        _hasBias = bias;
        register_parameter("weight", new Parameter(torch.empty(outputs, inputs, kernel, kernel)));
        if (!bias)
            return;
        register_parameter("bias", new Parameter(torch.empty(outputs)));
    }

    /// <summary>(O, C, K, K). Looked up each time: moving the network to a device makes new parameters.</summary>
    public Parameter Weight => get_parameter("weight")!;

    /// <summary>(O), or null.</summary>
    public Parameter? Bias => _hasBias ? get_parameter("bias") : null;

    /// <summary>Stride in both directions.</summary>
    public int Stride => (int)_stride[0];

    /// <summary>Zeros around the input.</summary>
    public int Padding => (int)_padding[0];

    /// <inheritdoc/>
    public override torch.Tensor forward(torch.Tensor input) => Forward(input, Weight, Bias);

    /// <summary>The same with other weights, such as those that a norm is folded into.</summary>
    public torch.Tensor Forward(torch.Tensor input, torch.Tensor weight, torch.Tensor? bias) =>
        torch.nn.functional.conv2d(input, weight, bias, strides: _stride, padding: _padding);
}
