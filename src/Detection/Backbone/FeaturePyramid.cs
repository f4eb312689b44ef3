using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Layers;
using TorchSharp;

namespace MaskRcnn.Detection.Backbone;

/// <summary>
/// Feature pyramid network (Lin et al. 2017): lateral 1×1 convolutions, a top-down path by nearest upsampling, 3×3
/// convolutions, and P6 as every second pixel of P5.
/// </summary>
internal sealed class FeaturePyramid : torch.nn.Module<IReadOnlyList<torch.Tensor>, IReadOnlyList<torch.Tensor>>
{
    private readonly List<ConvolutionBlock> _lateral = [];
    private readonly List<ConvolutionBlock> _output = [];

    public FeaturePyramid(IReadOnlyList<int> inputs, FpnConfiguration configuration)
        : base(nameof(FeaturePyramid))
    {
        for (int level = 0; level < inputs.Count; level++)
            _lateral.Add(new ConvolutionBlock(this, $"inner_blocks.{level}.0", $"inner_blocks.{level}.1", inputs[level], configuration.Channels, 1, 1, configuration.Norm, relu: false));
        for (int level = 0; level < inputs.Count; level++)
            _output.Add(new ConvolutionBlock(this, $"layer_blocks.{level}.0", $"layer_blocks.{level}.1", configuration.Channels, configuration.Channels, 3, 1, configuration.Norm, relu: false));
    }

    /// <summary>Every block of convolutions.</summary>
    public IEnumerable<ConvolutionBlock> Blocks => [.. _lateral, .. _output];

    /// <summary>C2…C5 to P2…P6, each (N, 256, ·, ·) with the strides 4, 8, 16, 32, 64.</summary>
    public override IReadOnlyList<torch.Tensor> forward(IReadOnlyList<torch.Tensor> input)
    {
        int top = input.Count - 1;
        torch.Tensor[] levels = new torch.Tensor[input.Count + 1];
        torch.Tensor inner = _lateral[top].Forward(input[top]);
        levels[top] = _output[top].Forward(inner);
        for (int level = top - 1; level >= 0; level--)
        {
            using (torch.Tensor above = inner)
            {
                // To the exact size of the finer level, whose side may be odd.
                using torch.Tensor upsampled = Upsampling.Nearest(above, input[level].shape[2], input[level].shape[3]);
                inner = _lateral[level].Forward(input[level], upsampled, reuseAddend: true);
            }

            levels[level] = _output[level].Forward(inner);
        }

        inner.Dispose();
        levels[top + 1] = torch.nn.functional.max_pool2d(levels[top], [1, 1], strides: [2, 2]);
        return levels;
    }
}
