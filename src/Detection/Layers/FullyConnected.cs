using TorchSharp;
using TorchSharp.Modules;

namespace MaskRcnn.Detection.Layers;

/// <summary>A fully connected layer's parameters: <c>weight</c> (O, I) and <c>bias</c> (O).</summary>
internal sealed class FullyConnected : torch.nn.Module<torch.Tensor, torch.Tensor>
{
    /// <summary>Makes the parameters; their values are undefined until they are initialised or loaded.</summary>
    public FullyConnected(int inputs, int outputs)
        : base(nameof(FullyConnected))
    {
        Weight = new Parameter(torch.empty(outputs, inputs));
        Bias = new Parameter(torch.empty(outputs));
        register_parameter("weight", Weight);
        register_parameter("bias", Bias);
    }

    /// <summary>(O, I).</summary>
    public Parameter Weight { get; }

    /// <summary>(O).</summary>
    public Parameter Bias { get; }

    /// <inheritdoc/>
    public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.linear(input, Weight, Bias);
}
