using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Layers;
using TorchSharp;

namespace MaskRcnn.Detection.Backbone;

/// <summary>ResNet (He et al. 2015) without its classifier: the stem and four stages.</summary>
internal sealed class ResNet : torch.nn.Module<torch.Tensor, IReadOnlyList<torch.Tensor>>
{
    private readonly ConvolutionBlock _stem;
    private readonly List<List<IResidualBlock>> _stages = [];

    /// <summary>Makes the network of a configuration.</summary>
    public ResNet(BackboneConfiguration configuration)
        : base(nameof(ResNet))
    {
        _stem = new ConvolutionBlock(this, "conv1", "bn1", 3, configuration.StemWidth, 7, 2, configuration.Norm, relu: true);
        int inputs = configuration.StemWidth;
        for (int stage = 0; stage < configuration.StageBlocks.Count; stage++)
        {
            List<IResidualBlock> blocks = [];
            for (int block = 0; block < configuration.StageBlocks[stage]; block++)
            {
                int stride = stage > 0 && block == 0 ? 2 : 1, outputs = configuration.StageWidths[stage];
                torch.nn.Module module = configuration.Block == ResidualBlock.Bottleneck
                    ? new Bottleneck(inputs, configuration.InnerWidths[stage], outputs, stride, configuration.Norm)
                    : new BasicBlock(inputs, outputs, stride, configuration.Norm);
                this.Add($"layer{stage + 1}.{block}", module);
                blocks.Add((IResidualBlock)module);
                inputs = outputs;
            }

            _stages.Add(blocks);
        }
    }

    /// <summary>Every block of convolutions.</summary>
    public IEnumerable<ConvolutionBlock> Blocks => [_stem, .. _stages.SelectMany(stage => stage).SelectMany(block => block.Blocks)];

    /// <summary>Prepares every block for training; those before the first that is trained become as fast as at inference.</summary>
    public void PrepareTraining(ExecutionPlan plan)
    {
        bool frozen = true;
        foreach (IReadOnlyList<ConvolutionBlock> together in (IReadOnlyList<ConvolutionBlock>[])[[_stem], .. _stages.SelectMany(stage => stage).Select(block => (IReadOnlyList<ConvolutionBlock>)[.. block.Blocks])])
        {
            frozen &= together.All(block => !block.Convolution.Weight.requires_grad);
            foreach (ConvolutionBlock block in together)
                block.PrepareTraining(plan, frozen);
        }
    }

    /// <summary>(N, 3, H, W) to C2…C5: (N, 256, H/4, W/4), (N, 512, H/8, W/8), (N, 1024, H/16, W/16), (N, 2048, H/32, W/32).</summary>
    public override IReadOnlyList<torch.Tensor> forward(torch.Tensor input)
    {
        using torch.Tensor stem = _stem.Forward(input);                                                      // (N, 64, H/2, W/2)
        torch.Tensor x = torch.nn.functional.max_pool2d(stem, [3, 3], [2, 2], [1, 1]);                   // (N, 64, H/4, W/4)
        List<torch.Tensor> levels = [];
        foreach (List<IResidualBlock> stage in _stages)
        {
            foreach (IResidualBlock block in stage)
            {
                // The last level is still needed; everything else is not.
                bool isLevel = levels.Count > 0 && ReferenceEquals(levels[^1], x);
                torch.Tensor next = block.Forward(x, reuseInput: !isLevel);
                if (!isLevel)
                    x.Dispose();
                x = next;
            }

            levels.Add(x);
        }

        return levels;
    }
}
