using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Layers;
using TorchSharp;

namespace MaskRcnn.Detection.RoiHeads;

/// <summary>The second stage: pooling, and the branches for boxes, masks and keypoints.</summary>
internal sealed class RegionHeads : torch.nn.Module
{
    private readonly ModelConfiguration _configuration;
    private readonly BoxPostProcessor _postProcessor;

    public RegionHeads(ModelConfiguration configuration)
        : base(nameof(RegionHeads))
    {
        _configuration = configuration;
        _postProcessor = new BoxPostProcessor(configuration.PostProcessing);
        Pooling = new RoiPooling(configuration.RoiPooling);
        Boxes = new BoxHead(this, configuration.Fpn.Channels, configuration.Classes, configuration.BoxHead);
        if (configuration.MaskHead is { } mask)
            Masks = new MaskHead(this, configuration.Fpn.Channels, configuration.Classes, mask);
        if (configuration.KeypointHead is { } keypoints)
            Keypoints = new KeypointHead(this, configuration.Fpn.Channels, keypoints);
    }

    /// <summary>RoIAlign on the pyramid.</summary>
    public RoiPooling Pooling { get; }

    /// <summary>The box branch.</summary>
    public BoxHead Boxes { get; }

    /// <summary>The mask branch, or null.</summary>
    public MaskHead? Masks { get; }

    /// <summary>The keypoint branch, or null.</summary>
    public KeypointHead? Keypoints { get; }

    /// <summary>The detections of each image from the box branch's predictions for all their proposals.</summary>
    /// <param name="logits">(K, classes), image after image.</param>
    /// <param name="deltas">(K, 4 · classes).</param>
    /// <param name="proposals">The proposals of each image.</param>
    /// <param name="sizes">Height and width of each resized image.</param>
    public IReadOnlyList<RegionDetections> SelectDetections(torch.Tensor logits, torch.Tensor deltas, IReadOnlyList<Box[]> proposals, IReadOnlyList<(int Height, int Width)> sizes)
    {
        float[] allLogits = FoldedWeights.Values(logits), allDeltas = FoldedWeights.Values(deltas);
        int classes = _configuration.Classes, first = 0;
        List<RegionDetections> detections = [];
        for (int image = 0; image < proposals.Count; image++)
        {
            int count = proposals[image].Length;
            detections.Add(_postProcessor.Select(
                allLogits.AsSpan(first * classes, count * classes), allDeltas.AsSpan(first * 4 * classes, count * 4 * classes),
                proposals[image], classes, sizes[image].Height, sizes[image].Width));
            first += count;
        }

        return detections;
    }

    /// <summary>Prepares all branches for inference.</summary>
    public void Prepare(ExecutionPlan plan)
    {
        Boxes.Prepare(plan);
        Masks?.Prepare(plan);
        Keypoints?.Prepare(plan);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Boxes.Dispose();
        Masks?.Dispose();
        Keypoints?.Dispose();
        base.Dispose(disposing);
    }
}
