using MaskRcnn.Detection.Layers;
using TorchSharp;

namespace MaskRcnn.Detection.Tests.Golden;

/// <summary>bfloat16: each stage, from torchvision's single-precision input, is within 3 % of its output's root mean square.</summary>
public sealed class HalfPrecisionTests : IDisposable
{
    private const double Tolerance = 3e-2;
    private readonly GoldenFile _golden = new("tiny_infer");
    private readonly MaskRcnnNetwork _network = TinyModel.Load(Precision.Bf16);

    [Fact]
    public void The_backbone_and_the_pyramid()
    {
        using var gradient = torch.no_grad();
        IReadOnlyList<torch.Tensor> stages = _network.Body.forward(Half(_golden.Features("input.batch")));
        AssertNear("body.3", stages[3]);
        IReadOnlyList<torch.Tensor> levels = _network.Fpn.forward(stages);
        for (int level = 0; level < 4; level++)
            AssertNear($"fpn.{level}", levels[level]);
    }

    [Fact]
    public void The_region_proposal_head()
    {
        using var gradient = torch.no_grad();
        for (int level = 0; level < 4; level++)
        {
            (torch.Tensor objectness, torch.Tensor deltas) = _network.Rpn.Head.Forward(Half(_golden.Features($"fpn.{level}")));
            AssertNear($"rpn.objectness.{level}", objectness);
            AssertNear($"rpn.deltas.{level}", deltas);
        }
    }

    [Fact]
    public void The_box_branch()
    {
        using var gradient = torch.no_grad();
        torch.Tensor pooled = _network.Heads.Pooling.Forward(Pyramid(), [_golden.Boxes("rpn.proposals.0"), _golden.Boxes("rpn.proposals.1")], 7);
        AssertNear("box.roi_features.first8", pooled.narrow(0, 0, 8));
        AssertNear("box.head", _network.Heads.Boxes.Features(pooled));
        (torch.Tensor logits, torch.Tensor deltas) = _network.Heads.Boxes.Predict(Half(_golden.Tensor("box.head").view(200, 128, 1, 1)));
        AssertNear("box.class_logits", logits);
        AssertNear("box.regression", deltas);
    }

    [Fact]
    public void The_mask_branch()
    {
        using var gradient = torch.no_grad();
        torch.Tensor pooled = _network.Heads.Pooling.Forward(Pyramid(), [_golden.Boxes("det.boxes_resized.0"), _golden.Boxes("det.boxes_resized.1")], 14);
        int[] labels = [.. _golden.Integers("det.labels.0").Concat(_golden.Integers("det.labels.1")).Select(label => (int)label)];
        float[] probabilities = Near.Values(_network.Heads.Masks!.Probabilities(_network.Heads.Masks.Features(pooled), labels));
        AssertNear([.. _golden.Floats("mask.probs.0"), .. _golden.Floats("mask.probs.1")], probabilities, "mask probabilities");
    }

    public void Dispose()
    {
        _network.Dispose();
        _golden.Dispose();
    }

    private static torch.Tensor Half(torch.Tensor tensor) => tensor.to(torch.bfloat16);

    private torch.Tensor[] Pyramid() => [.. Enumerable.Range(0, 4).Select(level => Half(_golden.Features($"fpn.{level}")))];

    private void AssertNear(string name, torch.Tensor actual) => AssertNear(_golden.Floats(name), Near.Values(actual), name);

    /// <summary>The root mean square of the difference, as a share of that of the expected values.</summary>
    private static void AssertNear(float[] expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double error = Math.Sqrt(expected.Zip(actual, (e, a) => ((double)e - a) * ((double)e - a)).Sum() / expected.Sum(e => (double)e * e));
        Assert.True(error <= Tolerance, $"{what}: {error:E2} of its root mean square, allowed {Tolerance:E2}");
    }
}
