using MaskRcnn.Coco.Masks;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Weights;
using TorchSharp;

namespace MaskRcnn.Detection.Tests.Golden;

/// <summary>Whole models on images: torchvision's detections, scores, boxes and masks.</summary>
public sealed class EndToEndGoldenTests
{
    private const double ScoreTolerance = 1e-4, BoxTolerance = 0.02, MaskIou = 0.999;

    public static TheoryData<string, string, int> Architectures => new()
    {
        // file, preset, seed of the weights
        { "full_v1", "maskrcnn_resnet50_fpn", 1 },
        { "full_v2", "maskrcnn_resnet50_fpn_v2", 1 },
        { "full_kp", "keypointrcnn_resnet50_fpn", 1 },
        { "resnet18", "maskrcnn_resnet18_fpn", 3 },
    };

    [Theory]
    [MemberData(nameof(Architectures))]
    public void A_full_architecture_finds_what_torchvision_finds(string file, string preset, int seed)
    {
        using GoldenFile golden = new(file);
        ModelConfiguration configuration = ModelPresets.Get(preset);
        configuration = configuration with
        {
            Transform = configuration.Transform with { MinSizes = [192], MaxSize = 320, ResizeRule = ResizeRule.SingleReciprocal },
            Rpn = configuration.Rpn with { PreNmsTopN = 400, PostNmsTopN = 150 },
            PostProcessing = configuration.PostProcessing with { MaxDetections = 10 },
        };
        using StateDict weights = ProceduralWeights.Create(configuration, seed);
        foreach (System.Text.Json.JsonProperty sum in golden.Json.ValueKind == System.Text.Json.JsonValueKind.Undefined ? default : golden.Json.GetProperty("weight_sum_check").EnumerateObject())
            Assert.Equal(sum.Value.GetDouble(), weights[sum.Name].ToFloats().Sum(value => (double)value), 0.01);
        using Detector detector = new(Network(configuration, weights), new ExecutionPlan(torch.CPU, Precision.Fp32));
        RgbImage image = ImageDecoder.DecodeFile(GoldenFile.PathOf("full_img.png")).Image;

        ImageDetections found = detector.Detect([image])[0];

        float[] scores = golden.Floats("out.scores");
        long[] labels = golden.Integers("out.labels");
        Box[] boxes = golden.Boxes("out.boxes");
        byte[] masks = file == "full_kp" ? [] : golden.Tensors["out.masks.u8"].ToBytes();
        Assert.Equal(scores.Length, found.Instances.Count);
        for (int i = 0; i < scores.Length; i++)
        {
            DetectedInstance instance = found.Instances[i];
            Assert.Equal(labels[i], instance.Label);
            Near.Equal([scores[i]], [instance.Score], ScoreTolerance, $"score {i}");
            Near.Boxes([boxes[i]], [instance.Box], BoxTolerance, $"box {i}");
            if (masks.Length > 0)
                AssertMask(masks.AsSpan(i * image.Width * image.Height, image.Width * image.Height), instance, image, $"mask {i}");
            else
                Near.Equal(golden.Floats("out.keypoints")[(i * 51)..((i + 1) * 51)], instance.Keypoints!, BoxTolerance, $"keypoints {i}");
        }
    }

    [Fact]
    public void The_small_model_finds_in_a_batch_what_torchvision_finds()
    {
        using GoldenFile golden = new("tiny_infer");
        using Detector detector = new(TinyModel.Load(precision: null), new ExecutionPlan(torch.CPU, Precision.Fp32));
        RgbImage[] images = [.. Enumerable.Range(0, 2).Select(i => ImageDecoder.DecodeFile(GoldenFile.PathOf($"tiny_img{i}.png")).Image)];
        IReadOnlyList<ImageDetections> found = detector.Detect(images);
        for (int image = 0; image < 2; image++)
        {
            Assert.Equal(golden.Integers($"det.labels.{image}"), found[image].Instances.Select(instance => (long)instance.Label));
            Near.Equal(golden.Floats($"det.scores.{image}"), [.. found[image].Instances.Select(instance => instance.Score)], ScoreTolerance, "scores");
            Near.Boxes(golden.Boxes($"out.boxes.{image}"), [.. found[image].Instances.Select(instance => instance.Box)], BoxTolerance, "boxes");
            byte[] masks = golden.Tensors[$"out.masks.{image}.u8"].ToBytes();
            int size = images[image].Width * images[image].Height;
            for (int i = 0; i < found[image].Instances.Count; i++)
                AssertMask(masks.AsSpan(i * size, size), found[image].Instances[i], images[image], $"mask {i} of image {image}");
        }
    }

    [Theory]
    [InlineData("maskrcnn_resnet18_fpn_v2")]
    [InlineData("keypointrcnn_resnet18_fpn")]
    public void An_image_without_objects_has_no_detections(string preset)
    {
        ModelConfiguration configuration = ModelPresets.Get(preset);
        configuration = configuration with { Transform = configuration.Transform with { MinSizes = [96] }, PostProcessing = configuration.PostProcessing with { ScoreThreshold = 2 } };
        using StateDict weights = ProceduralWeights.Create(configuration);
        foreach (Precision precision in new[] { Precision.Fp32, Precision.Bf16 })
        {
            using Detector detector = new(Network(configuration, weights), new ExecutionPlan(torch.CPU, precision));
            Assert.Empty(detector.Detect([ImageDecoder.DecodeFile(GoldenFile.PathOf("full_img.png")).Image])[0].Instances);
        }
    }

    [Fact]
    public void The_input_is_torchvisions()
    {
        using GoldenFile golden = new("tiny_infer");
        RgbImage[] images = [.. Enumerable.Range(0, 2).Select(i => ImageDecoder.DecodeFile(GoldenFile.PathOf($"tiny_img{i}.png")).Image)];
        using Transform.ImageBatch batch = new Transform.ImageTransform(TinyModel.Configuration.Transform).ToBatch(images);
        Near.Equal(golden.Floats("input.batch"), Near.Values(batch.Pixels), 1e-5, "batch");
    }

    internal static MaskRcnnNetwork Network(ModelConfiguration configuration, StateDict weights)
    {
        MaskRcnnNetwork network = new(configuration);
        NetworkLoader.Load(network, weights, "weights");
        network.eval();
        return network;
    }

    /// <summary>The stored masks are round(255 · probability); a pixel of exactly 127.5 is on neither side.</summary>
    private static void AssertMask(ReadOnlySpan<byte> probabilities, DetectedInstance instance, RgbImage image, string what)
    {
        byte[] inside = new byte[probabilities.Length];
        for (int i = 0; i < inside.Length; i++)
            inside[i] = probabilities[i] >= 128 ? (byte)1 : (byte)0;
        Rle expected = RleDense.Encode(inside, image.Height, image.Width);
        double iou = expected.Area == 0 && instance.Mask!.Area == 0 ? 1 : Rle.Iou(instance.Mask!, expected);
        Assert.True(iou >= MaskIou, $"{what}: IoU {iou:F5} with an area of {expected.Area}");
    }
}
