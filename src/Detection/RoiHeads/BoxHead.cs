using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Layers;
using TorchSharp;

namespace MaskRcnn.Detection.RoiHeads;

/// <summary>
/// The box branch: class logits and box deltas of each region. v1 has two fully connected layers; v2 has convolutions,
/// then one fully connected layer.
/// </summary>
internal sealed class BoxHead : IDisposable
{
    private readonly List<ConvolutionBlock> _convolutions = [];
    private readonly List<FullyConnectedBlock> _layers = [];
    private readonly FullyConnectedBlock _classes;
    private readonly FullyConnectedBlock _deltas;

    /// <summary>Registers <c>box_head</c> and <c>box_predictor</c> in their owner.</summary>
    public BoxHead(torch.nn.Module owner, int channels, int classes, BoxHeadConfiguration configuration)
    {
        int side = configuration.PooledSize;
        if (configuration.Kind == BoxHeadKind.V1)
        {
            _layers.Add(new FullyConnectedBlock(owner, "box_head.fc6", channels, side, configuration.Width, relu: true));
            _layers.Add(new FullyConnectedBlock(owner, "box_head.fc7", configuration.Width, 1, configuration.Width, relu: true));
        }
        else
        {
            for (int i = 0; i < configuration.ConvolutionWidths.Count; i++)
            {
                int width = configuration.ConvolutionWidths[i];
                _convolutions.Add(new ConvolutionBlock(owner, $"box_head.{i}.0", $"box_head.{i}.1", channels, width, 3, 1, configuration.Norm, relu: true));
                channels = width;
            }

            // Between them torchvision has a flattening, which has a number but no parameters.
            _layers.Add(new FullyConnectedBlock(owner, $"box_head.{configuration.ConvolutionWidths.Count + 1}", channels, side, configuration.Width, relu: true));
        }

        _classes = new FullyConnectedBlock(owner, "box_predictor.cls_score", configuration.Width, 1, classes, relu: false);
        _deltas = new FullyConnectedBlock(owner, "box_predictor.bbox_pred", configuration.Width, 1, 4 * classes, relu: false);
    }

    /// <summary>Pooled regions (K, C, 7, 7) to the head's features (K, 1024, 1, 1).</summary>
    public torch.Tensor Features(torch.Tensor regions)
    {
        torch.Tensor x = regions.alias();
        foreach (ConvolutionBlock convolution in _convolutions)
        {
            using torch.Tensor input = x;
            x = convolution.Forward(input);
        }

        foreach (FullyConnectedBlock layer in _layers)
        {
            using torch.Tensor input = x;
            x = layer.Forward(input);
        }

        return x;
    }

    /// <summary>The head's features (K, 1024, 1, 1) to class logits (K, classes) and deltas (K, 4 · classes), single precision.</summary>
    public (torch.Tensor Logits, torch.Tensor Deltas) Predict(torch.Tensor features)
    {
        using torch.Tensor logits = _classes.Forward(features), deltas = _deltas.Forward(features);
        return (logits.flatten(1), deltas.flatten(1));
    }

    /// <summary>Prepares the branch for training.</summary>
    public void PrepareTraining(ExecutionPlan plan) => _convolutions.ForEach(convolution => convolution.PrepareTraining(plan, frozen: false));

    /// <summary>Prepares the branch for inference.</summary>
    public void Prepare(ExecutionPlan plan)
    {
        _convolutions.ForEach(convolution => convolution.Prepare(plan));
        _layers.ForEach(layer => layer.Prepare(plan));
        _classes.PrepareOutput(plan);
        _deltas.PrepareOutput(plan);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _convolutions.ForEach(convolution => convolution.Dispose());
        _layers.ForEach(layer => layer.Dispose());
        _classes.Dispose();
        _deltas.Dispose();
    }
}
