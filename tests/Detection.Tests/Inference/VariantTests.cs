using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Tests.Golden;
using MaskRcnn.Detection.Transform;
using MaskRcnn.Detection.Weights;
using TorchSharp;

namespace MaskRcnn.Detection.Tests.Inference;

/// <summary>What a configuration may choose: each choice computes the same prepared for inference as with torch's operators.</summary>
public sealed class VariantTests
{
    private static readonly Dictionary<string, Func<ModelConfiguration, ModelConfiguration>> Changes = new()
    {
        ["group norm"] = c => c with
        {
            Backbone = c.Backbone with { Norm = new() { Kind = NormKind.Group, Groups = 8 } },
            Fpn = c.Fpn with { Norm = new() { Kind = NormKind.Group, Groups = 8 } },
            MaskHead = c.MaskHead! with { Norm = new() { Kind = NormKind.Group, Groups = 8 } },
        },
        ["batch norm"] = c => c with { Backbone = c.Backbone with { Norm = new() { Kind = NormKind.Batch } }, Fpn = c.Fpn with { Norm = new() { Kind = NormKind.Batch } } },
        ["no norm"] = c => c with { Backbone = c.Backbone with { Norm = new() } },
        ["basic blocks"] = c => c with { Backbone = c.Backbone with { Block = ResidualBlock.Basic, StageBlocks = [2, 1, 1, 1], StemWidth = 32, InnerWidths = [32, 48, 64, 80], StageWidths = [32, 48, 64, 80] } },
        ["channels that fit no vector"] = c => c with { Backbone = c.Backbone with { StemWidth = 24, InnerWidths = [20, 24, 40, 50], StageWidths = [36, 52, 68, 84] }, BoxHead = new() { Width = 70 }, MaskHead = c.MaskHead! with { PredictorWidth = 40 } },
        ["v2 heads"] = c => c with { Rpn = c.Rpn with { Convolutions = 2 }, BoxHead = new() { Kind = BoxHeadKind.V2, ConvolutionWidths = [64, 48], Width = 96, Norm = new() { Kind = NormKind.Batch } } },
        ["class-agnostic masks"] = c => c with { MaskHead = c.MaskHead! with { ClassAgnostic = true } },
        ["RoIPool"] = c => c with { RoiPooling = new() { Operator = RoiOperator.Pool } },
        ["aligned, adaptive sampling"] = c => c with { RoiPooling = new() { Aligned = true, SamplingRatio = 0 } },
        ["other canonical level"] = c => c with { RoiPooling = new() { CanonicalSize = 56, CanonicalLevel = 3 } },
        ["detectron2's paste"] = c => c with { PostProcessing = c.PostProcessing with { PasteRule = PasteRule.Detectron2 } },
        ["suppression by masks"] = c => c with { PostProcessing = c.PostProcessing with { MaskNmsThreshold = 0.3 } },
        ["several anchor sizes"] = c => c with { Rpn = c.Rpn with { AnchorSizes = [[16, 24], [32, 48], [64, 96], [128, 192], [256, 384]], AspectRatios = [0.5f, 1] } },
        ["no masks"] = c => c with { MaskHead = null },
        ["keypoints and masks"] = c => c with { KeypointHead = new() { Keypoints = 5, ConvolutionWidths = [32, 32] } },
    };

    public static TheoryData<string> Names => [.. Changes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Prepared_and_unprepared_networks_find_the_same(string change)
    {
        ModelConfiguration configuration = Changes[change](TinyConfiguration.Value);
        using StateDict weights = ProceduralWeights.Create(configuration, seed: 2);
        using MaskRcnnNetwork plain = EndToEndGoldenTests.Network(configuration, weights);
        RgbImage image = SmallDetector.Image();
        ImageDetections expected;
        using (torch.no_grad())
        using (ImageBatch batch = new ImageTransform(configuration.Transform).ToBatch([image]))
        {
            NetworkOutput output = plain.Infer(batch, null, default);
            expected = new DetectionEncoder(configuration).Encode(output, 0, batch.OriginalSizes[0], batch.Sizes[0]);
        }

        using Detector detector = new(EndToEndGoldenTests.Network(configuration, weights), new ExecutionPlan(torch.CPU, Precision.Fp32));
        ImageDetections found = detector.Detect([image])[0];

        Assert.NotEmpty(expected.Instances);
        SmallDetector.AssertSame(expected, found);
        Assert.All(found.Instances, instance => Assert.Equal((configuration.MaskHead is not null, configuration.KeypointHead?.Keypoints * 3), (instance.Mask is not null, instance.Keypoints?.Count)));
    }
}
