using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Rpn;
using MaskRcnn.Detection.Transform;
using TorchSharp;

namespace MaskRcnn.Detection.Tests.Golden;

/// <summary>Each stage of the small model, computed from torchvision's input of that stage.</summary>
public sealed class StageGoldenTests : IDisposable
{
    private const double Tolerance = 1e-4;
    private readonly GoldenFile _golden = new("tiny_infer");

    public static TheoryData<bool> Prepared => [true, false];

    [Theory]
    [MemberData(nameof(Prepared))]
    public void The_backbone_gives_torchvisions_features(bool prepared)
    {
        using MaskRcnnNetwork network = TinyModel.Load(prepared ? Precision.Fp32 : null);
        using var gradient = torch.no_grad();
        IReadOnlyList<torch.Tensor> stages = network.Body.forward(_golden.Features("input.batch"));
        for (int stage = 0; stage < 3; stage++)
        {
            Near.Scaled(_golden.Floats($"body.{stage}.first8ch"), Near.Values(stages[stage].narrow(1, 0, 8)), Tolerance, $"stage {stage}");
            Near.Scaled(_golden.Floats($"body.{stage}.sum_hw"), Near.Values(stages[stage].sum([2, 3])), Tolerance, $"sums of stage {stage}");
        }

        Near.Scaled(_golden.Floats("body.3"), Near.Values(stages[3]), Tolerance, "stage 3");
        IReadOnlyList<torch.Tensor> levels = network.Fpn.forward(stages);
        string[] names = ["0", "1", "2", "3", "pool"];
        for (int level = 0; level < names.Length; level++)
            Near.Scaled(_golden.Floats($"fpn.{names[level]}"), Near.Values(levels[level]), Tolerance, $"level {names[level]}");
    }

    [Theory]
    [MemberData(nameof(Prepared))]
    public void The_region_proposal_network_gives_torchvisions_proposals(bool prepared)
    {
        using MaskRcnnNetwork network = TinyModel.Load(prepared ? Precision.Fp32 : null);
        using var gradient = torch.no_grad();
        IReadOnlyList<(torch.Tensor Objectness, torch.Tensor Deltas)> predictions = network.Rpn.Predict(Pyramid(pool: true));
        for (int level = 0; level < 5; level++)
        {
            Near.Scaled(_golden.Floats($"rpn.objectness.{level}"), Near.Values(predictions[level].Objectness), Tolerance, $"objectness of level {level}");
            Near.Scaled(_golden.Floats($"rpn.deltas.{level}"), Near.Values(predictions[level].Deltas), Tolerance, $"deltas of level {level}");
        }

        (torch.Tensor, torch.Tensor)[] stored = [.. Enumerable.Range(0, 5).Select(level => (_golden.Tensor($"rpn.objectness.{level}"), _golden.Tensor($"rpn.deltas.{level}")))];
        IReadOnlyList<(Box[] Boxes, float[] Scores)> proposals = network.Rpn.Select(stored, Batch());
        for (int image = 0; image < 2; image++)
        {
            Near.Boxes(_golden.Boxes($"rpn.proposals.{image}"), proposals[image].Boxes, Tolerance, $"proposals of image {image}");
            Near.Equal(_golden.Floats($"rpn.scores.{image}"), proposals[image].Scores, 1e-6, $"scores of image {image}");
        }
    }

    [Fact]
    public void Anchors_are_torchvisions()
    {
        Box[] anchors = new AnchorGenerator(TinyModel.Configuration.Rpn).All(192, 192, [(48, 48), (24, 24), (12, 12), (6, 6), (3, 3)]);
        Assert.Equal(_golden.Boxes("rpn.anchors"), anchors);
    }

    [Theory]
    [MemberData(nameof(Prepared))]
    public void The_box_branch_gives_torchvisions_detections(bool prepared)
    {
        using MaskRcnnNetwork network = TinyModel.Load(prepared ? Precision.Fp32 : null);
        using var gradient = torch.no_grad();
        Box[][] proposals = [_golden.Boxes("rpn.proposals.0"), _golden.Boxes("rpn.proposals.1")];
        torch.Tensor pooled = network.Heads.Pooling.Forward(Pyramid(pool: false), proposals, 7);
        Near.Scaled(_golden.Floats("box.roi_features.first8"), Near.Values(pooled.narrow(0, 0, 8)), Tolerance, "pooled features");
        Near.Scaled(_golden.Floats("box.roi_features.sum_chw"), Near.Values(pooled.sum([1, 2, 3])), Tolerance, "sums of pooled features");
        torch.Tensor features = network.Heads.Boxes.Features(pooled);
        Near.Scaled(_golden.Floats("box.head"), Near.Values(features), Tolerance, "head");
        torch.Tensor stored = _golden.Tensor("box.head");
        var (logits, deltas) = network.Heads.Boxes.Predict(stored.view(200, 128, 1, 1));
        Near.Scaled(_golden.Floats("box.class_logits"), Near.Values(logits), Tolerance, "class logits");
        Near.Scaled(_golden.Floats("box.regression"), Near.Values(deltas), Tolerance, "deltas");

        IReadOnlyList<RoiHeads.RegionDetections> detections = network.Heads.SelectDetections(_golden.Tensor("box.class_logits"), _golden.Tensor("box.regression"), proposals, Batch().Sizes);
        for (int image = 0; image < 2; image++)
        {
            Assert.Equal(_golden.Integers($"det.labels.{image}"), detections[image].Labels.Select(label => (long)label));
            Near.Equal(_golden.Floats($"det.scores.{image}"), detections[image].Scores, 1e-6, $"scores of image {image}");
            Near.Boxes(_golden.Boxes($"det.boxes_resized.{image}"), detections[image].Boxes, Tolerance, $"boxes of image {image}");
        }
    }

    [Theory]
    [MemberData(nameof(Prepared))]
    public void The_mask_branch_gives_torchvisions_masks(bool prepared)
    {
        using MaskRcnnNetwork network = TinyModel.Load(prepared ? Precision.Fp32 : null);
        using var gradient = torch.no_grad();
        Box[][] boxes = [_golden.Boxes("det.boxes_resized.0"), _golden.Boxes("det.boxes_resized.1")];
        torch.Tensor pooled = network.Heads.Pooling.Forward(Pyramid(pool: false), boxes, 14);
        Near.Scaled(_golden.Floats("mask.roi_features.first8"), Near.Values(pooled.narrow(0, 0, 8)), Tolerance, "pooled features");
        Near.Scaled(_golden.Floats("mask.roi_features.sum_chw"), Near.Values(pooled.sum([1, 2, 3])), Tolerance, "sums of pooled features");
        torch.Tensor features = network.Heads.Masks!.Features(pooled);
        Near.Scaled(_golden.Floats("mask.logits"), Near.Values(network.Heads.Masks.Logits(features)), Tolerance, "mask logits");
        int[] labels = [.. _golden.Integers("det.labels.0").Concat(_golden.Integers("det.labels.1")).Select(label => (int)label)];
        float[] probabilities = Near.Values(network.Heads.Masks.Probabilities(features, labels));
        Near.Equal([.. _golden.Floats("mask.probs.0"), .. _golden.Floats("mask.probs.1")], probabilities, Tolerance, "mask probabilities");
    }

    public void Dispose() => _golden.Dispose();

    private IReadOnlyList<torch.Tensor> Pyramid(bool pool) =>
        [.. Enumerable.Range(0, 4).Select(level => _golden.Features($"fpn.{level}")), .. pool ? new[] { _golden.Features("fpn.pool") } : []];

    private ImageBatch Batch() => new(_golden.Features("input.batch"), [(128, 170), (174, 127)], [(120, 160), (150, 110)]);
}
