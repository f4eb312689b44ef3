using MaskRcnn.Detection.Kernels;
using TorchSharp;

namespace MaskRcnn.Detection.Layers;

/// <summary>
/// A fully connected layer on feature maps, perhaps with a ReLU. Its inputs are (N, C, side, side), flattened in the
/// order C, y, x as torchvision does, whatever their order in memory.
/// </summary>
internal sealed class FullyConnectedBlock : IDisposable
{
    private readonly FullyConnected _layer;
    private readonly int _side;
    private readonly bool _relu;
    private IConvolutionKernel? _kernel;

    /// <summary>Registers the layer in its owner.</summary>
    public FullyConnectedBlock(torch.nn.Module owner, string name, int channels, int side, int outputs, bool relu)
    {
        _layer = owner.Add(name, new FullyConnected(channels * side * side, outputs));
        _side = side;
        _relu = relu;
    }

    /// <summary>The layer's parameters.</summary>
    public FullyConnected Layer => _layer;

    /// <summary>(N, C, side, side) to (N, O, 1, 1).</summary>
    public torch.Tensor Forward(torch.Tensor input)
    {
        if (_kernel is not null)
            return _kernel.Run(input);
        using torch.Tensor flat = input.flatten(1);
        using torch.Tensor result = _layer.call(flat);
        using torch.Tensor activated = _relu ? result.relu() : result.alias();
        return activated.view(activated.shape[0], activated.shape[1], 1, 1);
    }

    /// <summary>Prepares the layer for inference; the output has the plan's type.</summary>
    public void Prepare(ExecutionPlan plan)
    {
        ConvolutionWeights weights = FoldedWeights.Of(_layer, _side, _relu);
        _kernel?.Dispose();
        _kernel = plan.TensorOperators ? new TorchProduct(weights, plan) : ConvolutionKernels.Create(weights, plan);
    }

    /// <summary>Prepares the layer for inference; the output is single precision.</summary>
    public void PrepareOutput(ExecutionPlan plan)
    {
        ConvolutionWeights weights = FoldedWeights.Of(_layer, _side, _relu);
        _kernel?.Dispose();
        _kernel = plan.TensorOperators ? new TorchProduct(weights, plan, torch.ScalarType.Float32) : ConvolutionKernels.CreateOutput(weights, plan);
    }

    /// <inheritdoc/>
    public void Dispose() => _kernel?.Dispose();
}
