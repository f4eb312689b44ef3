using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Layers;
using TorchSharp;

namespace MaskRcnn.Detection.Rpn;

/// <summary>The convolutions of the region proposal network, shared by all levels.</summary>
internal sealed class RpnHead : torch.nn.Module
{
    private readonly List<ConvolutionBlock> _convolutions = [];
    private readonly Convolution _objectness;
    private readonly Convolution _deltas;
    private readonly int _anchors;
    private IConvolutionKernel? _predictions;

    public RpnHead(int channels, RpnConfiguration configuration)
        : base(nameof(RpnHead))
    {
        _anchors = configuration.AnchorsPerLocation(0);
        for (int i = 0; i < configuration.Convolutions; i++)
            _convolutions.Add(new ConvolutionBlock(this, $"conv.{i}.0", "", channels, channels, 3, 1, new NormConfiguration(), relu: true));
        _objectness = this.Add("cls_logits", new Convolution(channels, _anchors, 1, 1, 0, bias: true));
        _deltas = this.Add("bbox_pred", new Convolution(channels, 4 * _anchors, 1, 1, 0, bias: true));
    }

    /// <summary>One level of the pyramid, (N, C, H, W), to logits and box deltas in single precision.</summary>
    /// <returns>Objectness (N, A, H, W) and deltas (N, 4·A, H, W), channel 4·anchor + coordinate.</returns>
    public (torch.Tensor Objectness, torch.Tensor Deltas) Forward(torch.Tensor level)
    {
        torch.Tensor x = level.alias();
        foreach (ConvolutionBlock convolution in _convolutions)
        {
            using torch.Tensor input = x;
            x = convolution.Forward(input);
        }

        using (x)
        {
            if (_predictions is null)
                return (_objectness.call(x), _deltas.call(x));
            using torch.Tensor both = _predictions.Run(x);
            return (both.narrow(1, 0, _anchors), both.narrow(1, _anchors, 4 * _anchors));
        }
    }

    /// <summary>Prepares the head for training.</summary>
    public void PrepareTraining(ExecutionPlan plan) => _convolutions.ForEach(convolution => convolution.PrepareTraining(plan, frozen: false));

    /// <summary>Prepares the head for inference: both predictions become one product.</summary>
    public void Prepare(ExecutionPlan plan)
    {
        _convolutions.ForEach(convolution => convolution.Prepare(plan));
        ConvolutionWeights objectness = FoldedWeights.Of(_objectness, null, relu: false), deltas = FoldedWeights.Of(_deltas, null, relu: false);
        _predictions = ConvolutionKernels.CreateOutput(
            objectness with { Outputs = 5 * _anchors, Values = [.. objectness.Values, .. deltas.Values], Bias = [.. objectness.Bias, .. deltas.Bias] }, plan);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _convolutions.ForEach(convolution => convolution.Dispose());
        _predictions?.Dispose();
        base.Dispose(disposing);
    }
}
