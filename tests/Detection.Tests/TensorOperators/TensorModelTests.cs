using MaskRcnn.Coco.Masks;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Tests.Golden;
using MaskRcnn.Detection.Weights;

namespace MaskRcnn.Detection.Tests.TensorOperators;

/// <summary>Whole models whose every stage is a tensor operator.</summary>
public sealed class TensorModelTests
{
    [Theory]
    [InlineData(PasteRule.Torchvision)]
    [InlineData(PasteRule.Detectron2)]
    public void The_small_model_finds_what_it_finds_with_kernels(PasteRule rule)
    {
        RgbImage[] images = Images();
        using Detector kernels = Tiny(TensorPlan.Of(Precision.Fp32, tensorOperators: false), rule), tensors = Tiny(TensorPlan.Of(Precision.Fp32), rule);
        IReadOnlyList<ImageDetections> expected = kernels.Detect(images), found = tensors.Detect(images);
        for (int image = 0; image < images.Length; image++)
        {
            Assert.Equal(expected[image].Instances.Select(e => e.Label), found[image].Instances.Select(f => f.Label));
            foreach ((DetectedInstance e, DetectedInstance f) in expected[image].Instances.Zip(found[image].Instances))
            {
                Near.Equal([e.Score], [f.Score], 1e-4, "score");
                Near.Boxes([e.Box], [f.Box], 0.02, "box");
                Assert.True(SameArea(e.Mask!, f.Mask!) >= 0.999, $"a mask's IoU is {SameArea(e.Mask!, f.Mask!)}");
            }
        }
    }

    [Fact]
    public void The_small_model_finds_what_torchvision_finds()
    {
        using GoldenFile golden = new("tiny_infer");
        using Detector detector = Tiny(TensorPlan.Of(Precision.Fp32), PasteRule.Torchvision);
        IReadOnlyList<ImageDetections> found = detector.Detect(Images());
        for (int image = 0; image < 2; image++)
        {
            Assert.Equal(golden.Integers($"det.labels.{image}"), found[image].Instances.Select(instance => (long)instance.Label));
            Near.Equal(golden.Floats($"det.scores.{image}"), [.. found[image].Instances.Select(instance => instance.Score)], 1e-4, "scores");
            Near.Boxes(golden.Boxes($"out.boxes.{image}"), [.. found[image].Instances.Select(instance => instance.Box)], 0.02, "boxes");
        }
    }

    [Fact]
    public void The_small_model_finds_about_the_same_in_bfloat16()
    {
        RgbImage[] images = Images();
        using Detector exact = Tiny(TensorPlan.Of(Precision.Fp32, tensorOperators: false), PasteRule.Torchvision), half = Tiny(TensorPlan.Of(Precision.Bf16), PasteRule.Torchvision);
        IReadOnlyList<ImageDetections> expected = exact.Detect(images), found = half.Detect(images);
        for (int image = 0; image < images.Length; image++)
        {
            // Its random weights put many scores near each other, so the order may differ; most of the best are found again.
            DetectedInstance[] best = [.. expected[image].Instances.Take(10)];
            int again = best.Count(e => found[image].Instances.Any(f => f.Label == e.Label && Math.Abs(f.Score - e.Score) < 0.1 && Boxes.BoxGeometry.Iou(e.Box, f.Box) > 0.7));
            Assert.True(again >= 7, $"{again} of the best 10 of image {image} are found in bfloat16");
            Assert.All(found[image].Instances, instance => Assert.InRange(instance.Score, 0.05f, 1));
            Assert.All(found[image].Instances, instance => Assert.Equal((images[image].Height, images[image].Width), (instance.Mask!.Height, instance.Mask.Width)));
        }
    }

    [Fact]
    public void The_keypoint_architecture_finds_what_torchvision_finds()
    {
        using GoldenFile golden = new("full_kp");
        ModelConfiguration configuration = ModelPresets.Get("keypointrcnn_resnet50_fpn");
        configuration = configuration with
        {
            Transform = configuration.Transform with { MinSizes = [192], MaxSize = 320, ResizeRule = ResizeRule.SingleReciprocal },
            Rpn = configuration.Rpn with { PreNmsTopN = 400, PostNmsTopN = 150 },
            PostProcessing = configuration.PostProcessing with { MaxDetections = 10 },
        };
        using StateDict weights = ProceduralWeights.Create(configuration);
        using Detector detector = new(EndToEndGoldenTests.Network(configuration, weights), TensorPlan.Of(Precision.Fp32));
        ImageDetections found = detector.Detect([ImageDecoder.DecodeFile(GoldenFile.PathOf("full_img.png")).Image])[0];
        Near.Equal(golden.Floats("out.scores"), [.. found.Instances.Select(instance => instance.Score)], 1e-4, "scores");
        Near.Boxes(golden.Boxes("out.boxes"), [.. found.Instances.Select(instance => instance.Box)], 0.02, "boxes");
        Near.Equal(golden.Floats("out.keypoints"), [.. found.Instances.SelectMany(instance => instance.Keypoints!)], 0.02, "keypoints");
    }

    [Fact]
    public async Task Several_threads_may_use_a_model()
    {
        RgbImage[] images = Images();
        using Detector detector = Tiny(TensorPlan.Of(Precision.Fp32), PasteRule.Torchvision);
        IReadOnlyList<ImageDetections> expected = detector.Detect(images);
        IReadOnlyList<ImageDetections>[] found = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => detector.Detect(images))));
        foreach (IReadOnlyList<ImageDetections> f in found)
            Assert.Equal(expected.SelectMany(image => image.Instances).Select(instance => instance.Box), f.SelectMany(image => image.Instances).Select(instance => instance.Box));
    }

    [Fact]
    public void The_stages_are_measured()
    {
        using Detector detector = Tiny(TensorPlan.Of(Precision.Fp32), PasteRule.Torchvision);
        StageClock clock = new();
        detector.Detect(Images(), clock);
        Assert.Equal(
            ["transform", "backbone", "fpn", "rpn head", "proposals", "box RoIAlign", "box head", "detections", "mask RoIAlign", "mask head", "paste and encode"],
            clock.Seconds.Keys);
    }

    [Fact]
    public void Group_norm_is_computed_too()
    {
        NormConfiguration group = new() { Kind = NormKind.Group, Groups = 8 };
        ModelConfiguration configuration = TinyModel.Configuration with { Fpn = new() { Channels = 64, Norm = group } };
        using StateDict weights = ProceduralWeights.Create(configuration);
        RgbImage[] images = Images();
        using Detector kernels = new(EndToEndGoldenTests.Network(configuration, weights), TensorPlan.Of(Precision.Fp32, tensorOperators: false)), tensors = new(EndToEndGoldenTests.Network(configuration, weights), TensorPlan.Of(Precision.Fp32));
        Near.Equal(
            [.. kernels.Detect(images).SelectMany(image => image.Instances).Select(instance => instance.Score)],
            [.. tensors.Detect(images).SelectMany(image => image.Instances).Select(instance => instance.Score)], 1e-3, "scores");
    }

    [Theory]
    [InlineData(true, 0.05, 1e6)]
    [InlineData(true, 0.9999, 1e-3)]
    [InlineData(false, 0.05, 1e6)]
    [InlineData(false, 0.9999, 1e-3)]
    public void An_image_without_objects_has_no_detections(bool tensorOperators, double scoreThreshold, double proposalSize)
    {
        ModelConfiguration configuration = TinyModel.Configuration with
        {
            Rpn = TinyModel.Configuration.Rpn with { MinSize = proposalSize },
            PostProcessing = TinyModel.Configuration.PostProcessing with { ScoreThreshold = scoreThreshold },
        };
        using WeightFile file = WeightFile.Open(GoldenFile.PathOf("tiny_model.safetensors"));
        using Detector detector = new(EndToEndGoldenTests.Network(configuration, file.Weights), TensorPlan.Of(Precision.Fp32, tensorOperators));
        Assert.All(detector.Detect(Images()), image => Assert.Empty(image.Instances));
    }

    internal static Detector Tiny(ExecutionPlan plan, PasteRule rule, RoiPoolingConfiguration? pooling = null)
    {
        ModelConfiguration configuration = TinyModel.Configuration with
        {
            RoiPooling = pooling ?? TinyModel.Configuration.RoiPooling,
            PostProcessing = TinyModel.Configuration.PostProcessing with { PasteRule = rule },
        };
        using WeightFile file = WeightFile.Open(GoldenFile.PathOf("tiny_model.safetensors"));
        return new Detector(EndToEndGoldenTests.Network(configuration, file.Weights), plan);
    }

    internal static RgbImage[] Images() => [.. Enumerable.Range(0, 2).Select(i => ImageDecoder.DecodeFile(GoldenFile.PathOf($"tiny_img{i}.png")).Image)];

    private static double SameArea(Rle a, Rle b) => a.Area == 0 && b.Area == 0 ? 1 : Rle.Iou(a, b);
}
