using MaskRcnn.Detection.Layers;
using TorchSharp;

namespace MaskRcnn.Detection.Backbone;

/// <summary>A residual block: y = ReLU(F(x) + shortcut(x)).</summary>
internal interface IResidualBlock
{
    /// <summary>The block's convolutions.</summary>
    IEnumerable<ConvolutionBlock> Blocks { get; }

    /// <summary>(N, C, H, W) to (N, O, H/stride, W/stride).</summary>
    /// <param name="input">The input.</param>
    /// <param name="reuseInput">Whether the input is not needed afterwards: the result may then take its memory.</param>
    torch.Tensor Forward(torch.Tensor input, bool reuseInput);
}
