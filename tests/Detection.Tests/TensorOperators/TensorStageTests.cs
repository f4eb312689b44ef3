using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.RoiHeads;
using MaskRcnn.Detection.Rpn;
using MaskRcnn.Detection.TensorOperators;
using MaskRcnn.Detection.Tests.Golden;
using MaskRcnn.Detection.Transform;
using TorchSharp;

namespace MaskRcnn.Detection.Tests.TensorOperators;

/// <summary>Stages of the small model by tensor operators, and random ones beside the kernels.</summary>
public sealed class TensorStageTests
{
    private readonly ExecutionPlan _plan = TensorPlan.Of(Precision.Fp32);

    [Fact]
    public void The_input_is_torchvisions()
    {
        using GoldenFile golden = new("tiny_infer");
        using TensorTransform transform = new(TinyModel.Configuration.Transform, _plan);
        using ImageBatch batch = transform.ToBatch(TensorModelTests.Images());
        Assert.True(ChannelsLast.Is(batch.Pixels));
        Near.Equal(golden.Floats("input.batch"), Near.Values(batch.Pixels), 3e-5, "batch");
    }

    [Fact]
    public void The_input_in_bfloat16_is_the_kernels_rounded()
    {
        using TensorTransform transform = new(TinyModel.Configuration.Transform, TensorPlan.Of(Precision.Bf16));
        using ImageBatch batch = transform.ToBatch(TensorModelTests.Images()), expected = new ImageTransform(TinyModel.Configuration.Transform).ToBatch(TensorModelTests.Images());
        Assert.Equal(torch.ScalarType.BFloat16, batch.Pixels.dtype);
        Assert.Equal(expected.Sizes, batch.Sizes);
        Near.Equal(Near.Values(expected.Pixels), Near.Values(batch.Pixels), 0.008, "batch");
    }

    [Fact]
    public void A_batch_needs_an_image()
    {
        using TensorTransform transform = new(TinyModel.Configuration.Transform, _plan);
        Assert.Throws<ArgumentException>(() => transform.ToBatch([]));
    }

    [Fact]
    public void The_proposals_are_torchvisions()
    {
        using GoldenFile golden = new("tiny_infer");
        using DeviceOperators operators = new(TinyModel.Configuration, _plan);
        (torch.Tensor, torch.Tensor)[] predictions = [.. Enumerable.Range(0, 5).Select(level => (golden.Tensor($"rpn.objectness.{level}"), golden.Tensor($"rpn.deltas.{level}")))];
        IReadOnlyList<(Box[] Boxes, float[] Scores)> proposals = operators.SelectProposals(predictions, Batch(golden));
        for (int image = 0; image < 2; image++)
        {
            Near.Boxes(golden.Boxes($"rpn.proposals.{image}"), proposals[image].Boxes, 1e-3, $"proposals of image {image}");
            Near.Equal(golden.Floats($"rpn.scores.{image}"), proposals[image].Scores, 1e-6, $"scores of image {image}");
        }
    }

    [Fact]
    public void The_detections_are_torchvisions()
    {
        using GoldenFile golden = new("tiny_infer");
        using DeviceOperators operators = new(TinyModel.Configuration, _plan);
        Box[][] proposals = [golden.Boxes("rpn.proposals.0"), golden.Boxes("rpn.proposals.1")];
        IReadOnlyList<RegionDetections> detections = operators.SelectDetections(golden.Tensor("box.class_logits"), golden.Tensor("box.regression"), proposals, Batch(golden).Sizes);
        for (int image = 0; image < 2; image++)
        {
            Assert.Equal(golden.Integers($"det.labels.{image}"), detections[image].Labels.Select(label => (long)label));
            Near.Equal(golden.Floats($"det.scores.{image}"), detections[image].Scores, 1e-6, $"scores of image {image}");
            Near.Boxes(golden.Boxes($"det.boxes_resized.{image}"), detections[image].Boxes, 1e-3, $"boxes of image {image}");
        }
    }

    [Fact]
    public void The_mask_predictor_gives_torchvisions_probabilities()
    {
        using GoldenFile golden = new("tiny_infer");
        using MaskRcnnNetwork network = TinyModel.Load(precision: null);
        network.Prepare(_plan);
        using var gradient = torch.no_grad();
        torch.Tensor[] pyramid = [.. Enumerable.Range(0, 4).Select(level => golden.Features($"fpn.{level}"))];
        torch.Tensor pooled = network.Operators.Pool(pyramid, [golden.Boxes("det.boxes_resized.0"), golden.Boxes("det.boxes_resized.1")], 14);
        int[] labels = [.. golden.Integers("det.labels.0").Concat(golden.Integers("det.labels.1")).Select(label => (int)label)];
        float[] probabilities = Near.Values(network.Heads.Masks!.Probabilities(network.Heads.Masks.Features(pooled), labels));
        Near.Equal([.. golden.Floats("mask.probs.0"), .. golden.Floats("mask.probs.1")], probabilities, 1e-4, "mask probabilities");
    }

    [Theory]
    [InlineData(Precision.Fp32, null, 1e-5)]
    [InlineData(Precision.Bf16, null, 0.05)]
    [InlineData(Precision.Bf16, torch.ScalarType.Float32, 1e-2)]
    public void A_fully_connected_layer_is_the_convolution_over_its_whole_input(Precision precision, torch.ScalarType? output, double tolerance)
    {
        ConvolutionWeights weights = new(24, 16, 3, 1, 0, RandomCases.Normal(1, 24 * 16 * 9, 0.1f), RandomCases.Normal(2, 24), Relu: true);
        using torch.Tensor values = torch.tensor(RandomCases.Normal(3, 5 * 16 * 9), [5, 16, 3, 3]), input = ChannelsLast.Of(values), typed = input.to(TensorPlan.Of(precision).Type);
        using TorchProduct product = new(weights, TensorPlan.Of(precision), output);
        using TorchConvolution convolution = new(weights, _plan);
        using torch.Tensor expected = convolution.Run(input), found = product.Run(typed);
        Assert.Equal([5, 24, 1, 1], found.shape);
        Near.Equal(Near.Values(expected), Near.Values(found), tolerance, "product");
    }

    [Theory]
    [InlineData(1, 40, 30)]
    [InlineData(2, 1000, 200)]
    [InlineData(3, 2000, 2000)]
    public void Random_predictions_give_the_kernels_proposals(int seed, int preNms, int postNms)
    {
        RpnConfiguration configuration = new() { PreNmsTopN = preNms, PostNmsTopN = postNms, ScoreThreshold = 0.2, MinSize = 4 };
        (int Height, int Width)[] levels = [(40, 56), (20, 28), (10, 14), (5, 7), (3, 4)];
        (torch.Tensor, torch.Tensor)[] predictions = [.. levels.Select((level, i) => (
            torch.tensor(RandomCases.Normal(100 * seed + i, 2 * 3 * level.Height * level.Width, 2), [2, 3, level.Height, level.Width]),
            torch.tensor(RandomCases.Normal(100 * seed + i + 50, 2 * 12 * level.Height * level.Width, 0.5f), [2, 12, level.Height, level.Width])))];
        using ImageBatch batch = new(torch.zeros(2, 3, 160, 224), [(160, 200), (130, 224)], [(160, 200), (130, 224)]);
        using TensorProposals operators = new(configuration, torch.CPU);
        using RegionProposalNetwork network = new(16, configuration);
        IReadOnlyList<(Box[] Boxes, float[] Scores)> expected = network.Select(predictions, batch), found = operators.Select(predictions, batch);
        for (int image = 0; image < 2; image++)
        {
            Near.Equal(expected[image].Scores, found[image].Scores, 1e-6, "scores");
            Near.Boxes(expected[image].Boxes, found[image].Boxes, 1e-3, "boxes");
        }
    }

    [Theory]
    [InlineData(1, new[] { 30, 0 }, 0.05)]
    [InlineData(2, new[] { 100, 37, 60 }, 0.02)]
    [InlineData(3, new[] { 0, 0 }, 0.05)]
    [InlineData(4, new[] { 50 }, 0.9999)]
    public void Random_predictions_give_the_kernels_detections(int seed, int[] counts, double threshold)
    {
        const int Classes = 21;
        PostProcessingConfiguration configuration = new() { ScoreThreshold = threshold, MaxDetections = 40, MinSize = 2 };
        int total = counts.Sum();
        using torch.Tensor logits = torch.tensor(RandomCases.Normal(seed, total * Classes, 2), [total, Classes]);
        using torch.Tensor deltas = torch.tensor(RandomCases.Normal(seed + 100, total * 4 * Classes), [total, 4 * Classes]);
        Box[] boxes = [.. RandomCases.Of(RandomCases.Box, total)];
        int first = 0;
        Box[][] proposals = [.. counts.Select(count => boxes[first..(first += count)])];
        (int, int)[] sizes = [.. counts.Select((_, i) => (90 + 10 * i, 120))];
        using RegionHeads heads = new(TinyModel.Configuration with { Classes = Classes, PostProcessing = configuration });
        IReadOnlyList<RegionDetections> expected = heads.SelectDetections(logits, deltas, proposals, sizes), found = new TensorBoxPostProcessor(configuration, torch.CPU).Select(logits, deltas, proposals, sizes);
        Assert.Equal(expected.Count, found.Count);
        foreach ((RegionDetections e, RegionDetections f) in expected.Zip(found))
        {
            Assert.Equal(e.Labels, f.Labels);
            Near.Equal(e.Scores, f.Scores, 1e-6, "scores");
            Near.Boxes(e.Boxes, f.Boxes, 1e-3, "boxes");
        }
    }

    private static ImageBatch Batch(GoldenFile golden) => new(golden.Features("input.batch"), [(128, 170), (174, 127)], [(120, 160), (150, 110)]);
}
