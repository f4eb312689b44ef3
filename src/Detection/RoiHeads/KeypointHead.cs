using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Layers;
using TorchSharp;

namespace MaskRcnn.Detection.RoiHeads;

/// <summary>
/// The keypoint branch (Mask R-CNN, section 5): eight 3×3 convolutions, a transposed convolution and a bilinear
/// enlargement to a 56×56 heat map for each keypoint.
/// </summary>
internal sealed class KeypointHead : IDisposable
{
    private readonly List<ConvolutionBlock> _convolutions = [];
    private readonly TransposedConvolution _maps;
    private TorchTransposedConvolution? _predictor;

    /// <summary>Registers <c>keypoint_head</c> and <c>keypoint_predictor</c> in their owner.</summary>
    public KeypointHead(torch.nn.Module owner, int channels, KeypointHeadConfiguration configuration)
    {
        for (int i = 0; i < configuration.ConvolutionWidths.Count; i++)
        {
            // torchvision numbers the ReLUs between them too.
            _convolutions.Add(new ConvolutionBlock(owner, $"keypoint_head.{2 * i}", "", channels, configuration.ConvolutionWidths[i], 3, 1, new NormConfiguration(), relu: true));
            channels = configuration.ConvolutionWidths[i];
        }

        _maps = owner.Add("keypoint_predictor.kps_score_lowres", new TransposedConvolution(channels, configuration.Keypoints, 4, 2, 1));
    }

    /// <summary>Pooled regions (K, C, 14, 14) to heat maps of logits (K, keypoints, 56, 56), single precision.</summary>
    public torch.Tensor Forward(torch.Tensor regions)
    {
        torch.Tensor x = regions.alias();
        foreach (ConvolutionBlock convolution in _convolutions)
        {
            using torch.Tensor input = x;
            x = convolution.Forward(input);
        }

        using (x)
        {
            using torch.Tensor features = x.to(torch.float32);
            using torch.Tensor maps = _predictor?.Run(features) ?? _maps.call(features); // (K, keypoints, 28, 28)
            return torch.nn.functional.interpolate(maps, size: [2 * maps.shape[2], 2 * maps.shape[3]], mode: torch.InterpolationMode.Bilinear, align_corners: false);
        }
    }

    /// <summary>Prepares the branch for training.</summary>
    public void PrepareTraining(ExecutionPlan plan) => _convolutions.ForEach(convolution => convolution.PrepareTraining(plan, frozen: false));

    /// <summary>Prepares the branch for inference.</summary>
    public void Prepare(ExecutionPlan plan)
    {
        _convolutions.ForEach(convolution => convolution.Prepare(plan));
        _predictor?.Dispose();
        _predictor = plan.TensorOperators ? new TorchTransposedConvolution(_maps, torch.float32, plan.Device) : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _convolutions.ForEach(convolution => convolution.Dispose());
        _predictor?.Dispose();
    }
}
