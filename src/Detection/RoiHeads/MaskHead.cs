using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.TensorOperators;
using TorchSharp;

namespace MaskRcnn.Detection.RoiHeads;

/// <summary>
/// The mask branch (Mask R-CNN, figure 4, right): four 3×3 convolutions, a transposed convolution to twice the size,
/// and a 1×1 convolution to one mask a class.
/// </summary>
internal sealed class MaskHead : IDisposable
{
    private readonly List<ConvolutionBlock> _convolutions = [];
    private readonly TransposedConvolution _enlarge;
    private readonly Convolution _logits;
    private readonly bool _classAgnostic;
    private IMaskPredictor? _predictor;

    /// <summary>Registers <c>mask_head</c> and <c>mask_predictor</c> in their owner.</summary>
    public MaskHead(torch.nn.Module owner, int channels, int classes, MaskHeadConfiguration configuration)
    {
        for (int i = 0; i < configuration.ConvolutionWidths.Count; i++)
        {
            int width = configuration.ConvolutionWidths[i];
            _convolutions.Add(new ConvolutionBlock(owner, $"mask_head.{i}.0", $"mask_head.{i}.1", channels, width, 3, 1, configuration.Norm, relu: true));
            channels = width;
        }

        _enlarge = owner.Add("mask_predictor.conv5_mask", new TransposedConvolution(channels, configuration.PredictorWidth, 2, 2, 0));
        _logits = owner.Add("mask_predictor.mask_fcn_logits", new Convolution(configuration.PredictorWidth, configuration.ClassAgnostic ? 1 : classes, 1, 1, 0, bias: true));
        _classAgnostic = configuration.ClassAgnostic;
    }

    /// <summary>Pooled regions (K, C, 14, 14) to the head's features (K, 256, 14, 14).</summary>
    public torch.Tensor Features(torch.Tensor regions)
    {
        torch.Tensor x = regions.alias();
        foreach (ConvolutionBlock convolution in _convolutions)
        {
            using torch.Tensor input = x;
            x = convolution.Forward(input);
        }

        return x;
    }

    /// <summary>The head's features to the logits of every class, (K, classes, 28, 28); differentiable.</summary>
    public torch.Tensor Logits(torch.Tensor features)
    {
        using torch.Tensor enlarged = _enlarge.call(features);
        using torch.Tensor activated = enlarged.relu();
        return _logits.call(activated);
    }

    /// <summary>The probabilities of each region's own class.</summary>
    /// <param name="features">(K, 256, 14, 14).</param>
    /// <param name="labels">K labels.</param>
    /// <returns>(K, 28, 28), single precision, on the device of the features.</returns>
    public torch.Tensor Probabilities(torch.Tensor features, IReadOnlyList<int> labels)
    {
        int[] channels = [.. labels.Select(label => _classAgnostic ? 0 : label)];
        if (_predictor is not null)
            return _predictor.Run(features, channels);
        using torch.Tensor logits = Logits(features);
        using torch.Tensor rows = torch.arange(channels.Length, device: logits.device), columns = torch.tensor(channels, torch.int64, logits.device);
        using torch.Tensor own = logits.index(torch.TensorIndex.Tensor(rows), torch.TensorIndex.Tensor(columns));
        using torch.Tensor probabilities = own.sigmoid();
        return probabilities.to(torch.float32);
    }

    /// <summary>Prepares the branch for training.</summary>
    public void PrepareTraining(ExecutionPlan plan) => _convolutions.ForEach(convolution => convolution.PrepareTraining(plan, frozen: false));

    /// <summary>Prepares the branch for inference.</summary>
    public void Prepare(ExecutionPlan plan)
    {
        _convolutions.ForEach(convolution => convolution.Prepare(plan));
        _predictor?.Dispose();
        _predictor = plan.OwnKernels && MaskPredictor.Fits(_enlarge) ? new MaskPredictor(_enlarge, _logits, plan) : new TensorMaskPredictor(_enlarge, _logits, plan);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _convolutions.ForEach(convolution => convolution.Dispose());
        _predictor?.Dispose();
    }
}
