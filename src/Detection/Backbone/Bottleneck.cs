using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Layers;
using TorchSharp;

namespace MaskRcnn.Detection.Backbone;

/// <summary>1×1, 3×3 (with the stride, as in torchvision), 1×1, and the shortcut.</summary>
internal sealed class Bottleneck : torch.nn.Module, IResidualBlock
{
    private readonly ConvolutionBlock _reduce;
    private readonly ConvolutionBlock _spatial;
    private readonly ConvolutionBlock _expand;
    private readonly ConvolutionBlock? _shortcut;

    public Bottleneck(int inputs, int inner, int outputs, int stride, NormConfiguration norm)
        : base(nameof(Bottleneck))
    {
        _reduce = new ConvolutionBlock(this, "conv1", "bn1", inputs, inner, 1, 1, norm, relu: true);
        _spatial = new ConvolutionBlock(this, "conv2", "bn2", inner, inner, 3, stride, norm, relu: true);
        _expand = new ConvolutionBlock(this, "conv3", "bn3", inner, outputs, 1, 1, norm, relu: true);
        if (stride != 1 || inputs != outputs)
            _shortcut = new ConvolutionBlock(this, "downsample.0", "downsample.1", inputs, outputs, 1, stride, norm, relu: false);
    }

    /// <inheritdoc/>
    public IEnumerable<ConvolutionBlock> Blocks => _shortcut is null ? [_reduce, _spatial, _expand] : [_reduce, _spatial, _expand, _shortcut];

    /// <inheritdoc/>
    public torch.Tensor Forward(torch.Tensor input, bool reuseInput)
    {
        using torch.Tensor reduced = _reduce.Forward(input);
        using torch.Tensor filtered = _spatial.Forward(reduced);
        using torch.Tensor shortcut = _shortcut is null ? input.alias() : _shortcut.Forward(input);
        return _expand.Forward(filtered, shortcut, reuseAddend: reuseInput || _shortcut is not null);
    }
}
