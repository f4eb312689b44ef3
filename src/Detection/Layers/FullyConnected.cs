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
        register_parameter("weight", new Parameter(torch.empty(outputs, inputs)));
        register_parameter("bias", new Parameter(torch.empty(outputs)));
    }

    /// <summary>(O, I).</summary>
    public Parameter Weight => get_parameter("weight")!;

    /// <summary>(O).</summary>
    public Parameter Bias => get_parameter("bias")!;

    /// <inheritdoc/>
    public override torch.Tensor forward(torch.Tensor input) => torch.nn.functional.linear(input, Weight, Bias);
}
