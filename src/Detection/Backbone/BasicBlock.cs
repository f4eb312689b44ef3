using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Layers;
using TorchSharp;

namespace MaskRcnn.Detection.Backbone;

/// <summary>Two 3×3 convolutions, and the shortcut.</summary>
internal sealed class BasicBlock : torch.nn.Module, IResidualBlock
{
    private readonly ConvolutionBlock _first;
    private readonly ConvolutionBlock _second;
    private readonly ConvolutionBlock? _shortcut;

    public BasicBlock(int inputs, int outputs, int stride, NormConfiguration norm)
        : base(nameof(BasicBlock))
    {
        _first = new ConvolutionBlock(this, "conv1", "bn1", inputs, outputs, 3, stride, norm, relu: true);
        _second = new ConvolutionBlock(this, "conv2", "bn2", outputs, outputs, 3, 1, norm, relu: true);
        if (stride != 1 || inputs != outputs)
            _shortcut = new ConvolutionBlock(this, "downsample.0", "downsample.1", inputs, outputs, 1, stride, norm, relu: false);
    }

    /// <inheritdoc/>
    public IEnumerable<ConvolutionBlock> Blocks => _shortcut is null ? [_first, _second] : [_first, _second, _shortcut];

    /// <inheritdoc/>
    public torch.Tensor Forward(torch.Tensor input, bool reuseInput)
    {
        using torch.Tensor filtered = _first.Forward(input);
        using torch.Tensor shortcut = _shortcut is null ? input.alias() : _shortcut.Forward(input);
        return _second.Forward(filtered, shortcut, reuseAddend: reuseInput || _shortcut is not null);
    }
}
