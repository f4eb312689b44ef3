using TorchSharp;
using TorchSharp.Modules;

namespace MaskRcnn.Detection.Layers;

/// <summary>A convolution's parameters: <c>weight</c> (O, C, K, K) and, without a norm after it, <c>bias</c> (O).</summary>
internal sealed class Convolution : torch.nn.Module<torch.Tensor, torch.Tensor>
{
    private readonly long[] _stride;
    private readonly long[] _padding;

    /// <summary>Makes the parameters; their values are undefined until they are initialised or loaded.</summary>
    public Convolution(int inputs, int outputs, int kernel, int stride, int padding, bool bias)
        : base(nameof(Convolution))
    {
        _stride = [stride, stride];
        _padding = [padding, padding];
        Weight = new Parameter(torch.empty(outputs, inputs, kernel, kernel));
        register_parameter("weight", Weight);
        if (!bias)
            return;
        Bias = new Parameter(torch.empty(outputs));
        register_parameter("bias", Bias);
    }

    /// <summary>(O, C, K, K).</summary>
    public Parameter Weight { get; }

    /// <summary>(O), or null.</summary>
    public Parameter? Bias { get; }

    /// <summary>Stride in both directions.</summary>
    public int Stride => (int)_stride[0];

    /// <summary>Zeros around the input.</summary>
    public int Padding => (int)_padding[0];

    /// <inheritdoc/>
    public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.conv2d(input, Weight, Bias, strides: _stride, padding: _padding);
}
