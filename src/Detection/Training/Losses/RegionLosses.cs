using MaskRcnn.Detection.Boxes;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.RoiHeads;
using MaskRcnn.Detection.TensorOperators;
using MaskRcnn.Detection.Training.Data;
using MaskRcnn.Detection.Training.Targets;
using TorchSharp;

namespace MaskRcnn.Detection.Training.Losses;

/// <summary>The losses of the second stage's branches (Mask R-CNN, sections 3 and 5).</summary>
/// <param name="heads">The branches.</param>
/// <param name="pooling">RoIAlign.</param>
/// <param name="configuration">The model.</param>
internal sealed class RegionLosses(RegionHeads heads, IRegionPooling pooling, Configuration.ModelConfiguration configuration)
{
    private const int EnlargementOfHeatMaps = 4;

    /// <summary>
    /// Cross-entropy over all regions, and smooth L1 over the positive ones' boxes of their own class, divided by the
    /// number of all regions.
    /// </summary>
    public (torch.Tensor Classifier, torch.Tensor Box) Boxes(IReadOnlyList<torch.Tensor> pyramid, IReadOnlyList<SampledRegions> images)
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor pooled = RegionFeatures.Of(pooling, pyramid, [.. images.Select(image => image.Boxes)], configuration.BoxHead.PooledSize);
        var (logits, deltas) = heads.Boxes.Predict(heads.Boxes.Features(pooled));
        long[] labels = [.. images.SelectMany(image => image.Labels).Select(label => (long)label)];
        torch.Tensor classifier = LossFunctions.CrossEntropy(logits, DeviceTransfer.Upload(labels, [labels.Length], logits.device));

        // Row and class of each positive region's deltas in (K · classes, 4).
        long[] rows = [.. Enumerable.Range(0, labels.Length).Where(i => labels[i] > 0).Select(i => i * (long)configuration.Classes + labels[i])];
        torch.Tensor own = deltas.reshape(-1, 4).index_select(0, DeviceTransfer.Upload(rows, [rows.Length], deltas.device));
        torch.Tensor wanted = LossFunctions.Deltas(
            images.SelectMany(image => image.Positives.Select(i => BoxCoder.Regions.Encode(image.Boxes[i], image.Targets.Boxes[image.Objects[i]]))), deltas.device);
        return (classifier.MoveToOuterDisposeScope(), LossFunctions.SmoothL1(own, wanted, labels.Length).MoveToOuterDisposeScope());
    }

    /// <summary>
    /// The mean binary cross-entropy of the positive regions' masks, on the mask of the object's class alone: classes do
    /// not compete (Mask R-CNN, section 3).
    /// </summary>
    public torch.Tensor Masks(IReadOnlyList<torch.Tensor> pyramid, IReadOnlyList<SampledRegions> images)
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor pooled = RegionFeatures.Of(pooling, pyramid, [.. images.Select(image => image.PositiveBoxes)], configuration.MaskHead!.PooledSize);
        if (pooled.shape[0] == 0)
            return LossFunctions.Nothing(pyramid[0]).MoveToOuterDisposeScope();
        torch.Tensor logits = heads.Masks!.Logits(heads.Masks.Features(pooled));                                           // (P, classes, 28, 28)
        (int classes, int side) = ((int)logits.shape[1], (int)logits.shape[2]);
        long[] channels = [.. images.SelectMany(image => image.Labels).Where(label => label > 0)
            .Select((label, i) => i * (long)classes + (configuration.MaskHead.ClassAgnostic ? 0 : label))];
        torch.Tensor own = logits.flatten(0, 1).index_select(0, DeviceTransfer.Upload(channels, [channels.Length], logits.device));
        float[] targets = [.. images.SelectMany(image => MaskTargets.Of(image.Targets, image.PositiveBoxes, [.. image.Positives.Select(i => image.Objects[i])], side))];
        return LossFunctions.BinaryCrossEntropy(own, DeviceTransfer.Upload(targets, [channels.Length, side, side], logits.device)).MoveToOuterDisposeScope();
    }

    /// <summary>The mean cross-entropy of the visible keypoints' places over a 56×56 softmax.</summary>
    public torch.Tensor Keypoints(IReadOnlyList<torch.Tensor> pyramid, IReadOnlyList<SampledRegions> images)
    {
        using var scope = torch.NewDisposeScope();
        int keypoints = configuration.KeypointHead!.Keypoints, side = EnlargementOfHeatMaps * configuration.KeypointHead.PooledSize;
        torch.Tensor pooled = RegionFeatures.Of(pooling, pyramid, [.. images.Select(image => image.PositiveBoxes)], configuration.KeypointHead.PooledSize);
        long[] places = [.. images.SelectMany(image => image.Positives.SelectMany(i => Places(image.Boxes[i], image.Targets.Keypoints(image.Objects[i]))))];
        long[] labelled = [.. Enumerable.Range(0, places.Length).Where(i => places[i] != KeypointTargets.None).Select(i => (long)i)];
        if (labelled.Length == 0)
            return LossFunctions.Nothing(pyramid[0]).MoveToOuterDisposeScope();
        torch.Tensor maps = heads.Keypoints!.Forward(pooled).reshape(-1, (long)side * side);                                // (P · keypoints, 56 · 56)
        torch.Tensor own = maps.index_select(0, DeviceTransfer.Upload(labelled, [labelled.Length], maps.device));
        return LossFunctions.CrossEntropy(own, DeviceTransfer.Upload([.. labelled.Select(i => places[i])], [labelled.Length], maps.device)).MoveToOuterDisposeScope();

        IEnumerable<long> Places(Box region, IReadOnlyList<Keypoint> points) =>
            points.Count == 0 ? Enumerable.Repeat(KeypointTargets.None, keypoints) : KeypointTargets.Of(region, points, side);
    }
}
