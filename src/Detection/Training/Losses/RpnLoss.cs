using MaskRcnn.Detection.Boxes;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Rpn;
using MaskRcnn.Detection.TensorOperators;
using MaskRcnn.Detection.Training.Targets;
using MaskRcnn.Detection.Transform;
using TorchSharp;

namespace MaskRcnn.Detection.Training.Losses;

/// <summary>
/// The losses of the RPN (Faster R-CNN, section 3.1.2): objectness of sampled anchors, boxes of the positive ones. Both
/// are divided by the number of all sampled anchors of the batch.
/// </summary>
internal sealed class RpnLoss(RpnConfiguration configuration, SamplingConfiguration sampling)
{
    private readonly AnchorGenerator _generator = new(configuration);
    private readonly Matcher _matcher = new(sampling.RpnForegroundIou, sampling.RpnBackgroundIou, everyObject: true);

    /// <summary>Computes both losses.</summary>
    /// <param name="predictions">Objectness (N, A, H, W) and deltas (N, 4·A, H, W) of each level.</param>
    /// <param name="batch">The images' sizes.</param>
    /// <param name="targets">The objects of each of the N images.</param>
    /// <param name="sampler">Chooses the anchors.</param>
    public (torch.Tensor Objectness, torch.Tensor Box) Of(
        IReadOnlyList<(torch.Tensor Objectness, torch.Tensor Deltas)> predictions, ImageBatch batch, IReadOnlyList<ImageTargets> targets, IRegionSampler sampler)
    {
        using var scope = torch.NewDisposeScope();
        Box[] anchors = _generator.All(batch.PaddedHeight, batch.PaddedWidth, [.. predictions.Select(level => ((int)level.Objectness.shape[2], (int)level.Objectness.shape[3]))]);
        List<long> sampled = [], positive = [];
        List<float> labels = [];
        List<(float, float, float, float)> deltas = [];
        for (int image = 0; image < targets.Count; image++)
        {
            int[] matches = _matcher.Match(targets[image].Boxes, anchors);
            RegionSample sample = sampler.Sample(image, matches);
            long first = (long)image * anchors.Length;
            positive.AddRange(sample.Positives.Select(i => first + i));
            deltas.AddRange(sample.Positives.Select(i => BoxCoder.Proposals.Encode(anchors[i], targets[image].Boxes[matches[i]])));
            // Positives first: the mean does not mind.
            sampled.AddRange(sample.Positives.Concat(sample.Negatives).Select(i => first + i));
            labels.AddRange(sample.Positives.Select(_ => 1f).Concat(sample.Negatives.Select(_ => 0f)));
        }

        torch.Tensor objectness = Rows(predictions.Select(level => level.Objectness), targets.Count, 1).flatten(), boxes = Rows(predictions.Select(level => level.Deltas), targets.Count, 4);
        torch.Device device = objectness.device;
        torch.Tensor chosen = objectness.index_select(0, DeviceTransfer.Upload([.. sampled], [sampled.Count], device));
        torch.Tensor regressed = boxes.index_select(0, DeviceTransfer.Upload([.. positive], [positive.Count], device));
        return (
            LossFunctions.BinaryCrossEntropy(chosen, DeviceTransfer.Upload([.. labels], [labels.Count], device)).MoveToOuterDisposeScope(),
            LossFunctions.SmoothL1(regressed, LossFunctions.Deltas(deltas, device), sampled.Count).MoveToOuterDisposeScope());
    }

    /// <summary>All anchors' predictions (N · anchors, values) in the order image, level, y, x, anchor.</summary>
    private static torch.Tensor Rows(IEnumerable<torch.Tensor> levels, int images, int values) =>
        torch.cat([.. levels.Select(level => level.permute(0, 2, 3, 1).reshape(images, -1, values))], 1).view(-1, values);
}
