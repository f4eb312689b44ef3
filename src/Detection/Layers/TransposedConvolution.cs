using TorchSharp;
using TorchSharp.Modules;

namespace MaskRcnn.Detection.Layers;

/// <summary>A transposed convolution's parameters: <c>weight</c> (C, O, K, K) and <c>bias</c> (O).</summary>
internal sealed class TransposedConvolution : torch.nn.Module<torch.Tensor, torch.Tensor>
{
    private readonly long[] _stride;
    private readonly long[] _padding;

    /// <summary>Makes the parameters; their values are undefined until they are initialised or loaded.</summary>
    public TransposedConvolution(int inputs, int outputs, int kernel, int stride, int padding)
        : base(nameof(TransposedConvolution))
    {
        _stride = [stride, stride];
        _padding = [padding, padding];
        register_parameter("weight", new Parameter(torch.empty(inputs, outputs, kernel, kernel)));
        register_parameter("bias", new Parameter(torch.empty(outputs)));
    }

    /// <summary>Vertical and horizontal stride.</summary>
    public IReadOnlyList<long> Stride => _stride;

    /// <summary>Vertical and horizontal padding.</summary>
    public IReadOnlyList<long> Padding => _padding;

    /// <summary>(C, O, K, K).</summary>
    public Parameter Weight => get_parameter("weight")!;

    /// <summary>(O).</summary>
    public Parameter Bias => get_parameter("bias")!;

    /// <inheritdoc/>
    public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.conv_transpose2d(input, Weight, Bias, strides: _stride, padding: _padding);
}
