using System.Text.Json;
using MaskRcnn.Coco.Masks;
using MaskRcnn.Detection.Boxes;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Masks;
using MaskRcnn.Detection.RoiHeads;
using MaskRcnn.Detection.Rpn;
using MaskRcnn.Detection.Transform;
using MaskRcnn.Detection.Weights;
using TorchSharp;

namespace MaskRcnn.Detection.Tests.Golden;

/// <summary>Each operator gives what torchvision's operator gives.</summary>
public sealed class OperatorGoldenTests : IDisposable
{
    private readonly GoldenFile _golden = new("ops");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public unsafe void RoIAlign_pools_what_torchvision_pools(int index)
    {
        JsonElement settings = _golden.Json.GetProperty("roi_align")[index];
        using torch.Tensor input = _golden.Features("roi_align.input");
        float[] regions = _golden.Floats("roi_align.rois");
        (int channels, int height, int width) = ((int)input.shape[1], (int)input.shape[2], (int)input.shape[3]);
        RoiGeometry geometry = new(settings.GetProperty("pooled_h").GetInt32(), settings.GetProperty("pooled_w").GetInt32(), channels, settings.GetProperty("sampling_ratio").GetInt32(), settings.GetProperty("aligned").GetBoolean());
        using torch.Tensor pooled = ChannelsLast.Empty(regions.Length / 5, channels, geometry.Height, geometry.Width, torch.ScalarType.Float32);
        for (int i = 0; i < regions.Length / 5; i++)
        {
            Float32Element* source = (Float32Element*)ChannelsLast.Pointer(input) + (int)regions[5 * i] * height * width * channels;
            Box box = new(regions[5 * i + 1], regions[5 * i + 2], regions[5 * i + 3], regions[5 * i + 4]);
            RoiAlign.Pool(source, height, width, settings.GetProperty("spatial_scale").GetSingle(), box, geometry, (Float32Element*)ChannelsLast.Pointer(pooled) + i * geometry.Height * geometry.Width * channels);
        }

        Near.Equal(_golden.Floats($"roi_align.{settings.GetProperty("case").GetString()}.out"), Near.Values(pooled), 1e-5, "pooled");
    }

    [Theory]
    [InlineData("a", 7, 0.25f)]
    [InlineData("b", 14, 0.25f)]
    [InlineData("c", 3, 0.5f)]
    public unsafe void RoIPool_pools_what_torchvision_pools(string name, int size, float scale)
    {
        using GoldenFile golden = new("roi_pool");
        using torch.Tensor input = golden.Features("input");
        float[] regions = golden.Floats("rois");
        (int channels, int height, int width) = ((int)input.shape[1], (int)input.shape[2], (int)input.shape[3]);
        using torch.Tensor pooled = ChannelsLast.Empty(regions.Length / 5, channels, size, size, torch.ScalarType.Float32);
        for (int i = 0; i < regions.Length / 5; i++)
        {
            Float32Element* source = (Float32Element*)ChannelsLast.Pointer(input) + (int)regions[5 * i] * height * width * channels;
            Box box = new(regions[5 * i + 1], regions[5 * i + 2], regions[5 * i + 3], regions[5 * i + 4]);
            RoiPool.Pool(source, height, width, scale, box, new RoiGeometry(size, size, channels, 0, false), (Float32Element*)ChannelsLast.Pointer(pooled) + i * size * size * channels);
        }

        Near.Equal(golden.Floats($"{name}.out"), Near.Values(pooled), 0, "pooled");
    }

    [Theory]
    [InlineData("0.3")]
    [InlineData("0.5")]
    [InlineData("0.7")]
    public void Suppression_keeps_what_torchvision_keeps(string threshold)
    {
        int[] kept = NonMaximumSuppression.Run(_golden.Boxes("nms.boxes"), _golden.Floats("nms.scores"), double.Parse(threshold, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(_golden.Integers($"nms.keep_{threshold}"), kept.Select(i => (long)i));
    }

    [Fact]
    public void Suppression_within_groups_keeps_what_torchvision_keeps()
    {
        Assert.Equal(_golden.Integers("bnms.keep_small_0.5"), Kept("nms.boxes", "nms.scores", "bnms.idxs"));
        Assert.Equal(_golden.Integers("bnms.big_keep_0.5"), Kept("bnms.big_boxes", "bnms.big_scores", "bnms.big_idxs"));

        IEnumerable<long> Kept(string boxes, string scores, string groups) =>
            NonMaximumSuppression.RunBatched(_golden.Boxes(boxes), _golden.Floats(scores), [.. _golden.Integers(groups).Select(g => (int)g)], 0.5).Select(i => (long)i);
    }

    [Fact]
    public void Overlaps_are_torchvisions()
    {
        Box[] a = _golden.Boxes("iou.a"), b = _golden.Boxes("iou.b");
        Near.Equal(_golden.Floats("iou.out"), [.. a.SelectMany(first => b.Select(second => BoxGeometry.Iou(first, second)))], 1e-6, "IoU");
    }

    [Fact]
    public void Boxes_are_clipped_and_small_ones_found_as_by_torchvision()
    {
        int[] size = [.. _golden.Json.GetProperty("clip").GetProperty("size_hw").EnumerateArray().Select(n => n.GetInt32())];
        Box[] clipped = [.. _golden.Boxes("clip.in").Select(box => BoxGeometry.Clip(box, size[0], size[1]))];
        Near.Boxes(_golden.Boxes("clip.out"), clipped, 0, "clipped");
        double smallest = _golden.Json.GetProperty("clip").GetProperty("min_size").GetDouble();
        Assert.Equal(_golden.Integers("small.keep_25"), Enumerable.Range(0, clipped.Length).Where(i => BoxGeometry.IsAtLeast(clipped[i], smallest)).Select(i => (long)i));
    }

    [Theory]
    [InlineData("rpn")]
    [InlineData("box")]
    public void The_box_coder_is_torchvisions(string name)
    {
        BoxCoder coder = name == "rpn" ? BoxCoder.Proposals : BoxCoder.Regions;
        Box[] proposals = _golden.Boxes("coder.proposals"), targets = _golden.Boxes("coder.gt");
        var encoded = proposals.Zip(targets, coder.Encode).ToArray();
        Near.Equal(_golden.Floats($"coder.{name}.encoded"), [.. encoded.SelectMany(d => new[] { d.X, d.Y, d.Width, d.Height })], 1e-5, "encoded");
        Near.Boxes(_golden.Boxes($"coder.{name}.roundtrip"), [.. proposals.Zip(encoded, (p, d) => coder.Decode(p, d.X, d.Y, d.Width, d.Height))], 1e-4, "round trip");
        float[] deltas = _golden.Floats("coder.deltas");
        Box[] decoded = [.. Enumerable.Range(0, deltas.Length / 4).Select(i => coder.Decode(proposals[i / 3], deltas[4 * i], deltas[4 * i + 1], deltas[4 * i + 2], deltas[4 * i + 3]))];
        // Saturated boxes are thousands of pixels wide.
        Near.Scaled(_golden.Floats($"coder.{name}.decoded"), [.. decoded.SelectMany(b => new[] { b.X1, b.Y1, b.X2, b.Y2 })], 1e-6, "decoded");
    }

    [Fact]
    public void Anchors_are_torchvisions()
    {
        AnchorGenerator generator = new(new RpnConfiguration());
        for (int level = 0; level < 5; level++)
            Near.Boxes(_golden.Boxes($"anchors.cell_{level}"), [.. generator.Cell(level)], 0, $"cell of level {level}");
        Near.Boxes(_golden.Boxes("anchors.96x128"), generator.All(96, 128, Features("case1")), 0, "anchors of 96×128");

        JsonElement large = _golden.Json.GetProperty("anchors").GetProperty("case2");
        Box[] anchors = generator.All(800, 1088, Features("case2"));
        Assert.Equal(large.GetProperty("count").GetInt32(), anchors.Length);
        double[] sums = [anchors.Sum(b => (double)b.X1), anchors.Sum(b => (double)b.Y1), anchors.Sum(b => (double)b.X2), anchors.Sum(b => (double)b.Y2)];
        Assert.Equal(large.GetProperty("sum").EnumerateArray().Select(n => n.GetDouble()), sums);

        List<(int, int)> Features(string name) =>
            [.. _golden.Json.GetProperty("anchors").GetProperty(name).GetProperty("feats").EnumerateArray().Select(f => (f[0].GetInt32(), f[1].GetInt32()))];
    }

    [Fact]
    public void Regions_go_to_torchvisions_levels()
    {
        LevelMapper mapper = new(new RoiPoolingConfiguration(), 4);
        Assert.Equal(_golden.Integers("levels.out_k2_5"), _golden.Boxes("levels.boxes").Select(box => (long)mapper.Level(box)));
    }

    [Fact]
    public void Masks_are_pasted_as_by_torchvision_and_as_by_detectron2()
    {
        float[] masks = _golden.Floats("paste.masks"), soft = _golden.Floats("paste.tv_out"), detectron = _golden.Floats("paste.d2_soft");
        Box[] boxes = _golden.Boxes("paste.boxes");
        const int Height = 60, Width = 80;
        for (int i = 0; i < boxes.Length; i++)
        {
            ReadOnlySpan<float> mask = masks.AsSpan(i * 784, 784);
            (int x1, int y1, int x2, int y2) = MaskPaste.EnlargedBox(boxes[i], 28);
            Assert.Equal(_golden.Integers("paste.tv_int_boxes")[(4 * i)..(4 * i + 4)], new long[] { x1, y1, x2, y2 });
            AssertMask(MaskPaste.Paste(mask, 28, boxes[i], Height, Width, 0.5, PasteRule.Torchvision), soft.AsSpan(i * Height * Width, Height * Width), inclusive: false);
            AssertMask(MaskPaste.Paste(mask, 28, boxes[i], Height, Width, 0.5, PasteRule.Detectron2), detectron.AsSpan(i * Height * Width, Height * Width), inclusive: true);
        }

        void AssertMask(Rle mask, ReadOnlySpan<float> probabilities, bool inclusive)
        {
            byte[] dense = RleDense.Decode(mask);
            for (int pixel = 0; pixel < dense.Length; pixel++)
            {
                // Within rounding of the threshold either answer is right.
                if (Math.Abs(probabilities[pixel] - 0.5f) > 1e-6)
                    Assert.Equal(inclusive ? probabilities[pixel] >= 0.5f : probabilities[pixel] > 0.5f, dense[pixel] != 0);
            }
        }
    }

    [Fact]
    public void Resized_sizes_follow_both_of_torchvisions_rules()
    {
        foreach (JsonElement row in _golden.Json.GetProperty("resize_table").EnumerateArray())
        {
            int Number(string name) => row.GetProperty(name).GetInt32();
            Assert.Equal((Number("out_h"), Number("out_w")), ResizedSize.Of(Number("h"), Number("w"), Number("min"), Number("max"), ResizeRule.SingleReciprocal));
            Assert.Equal((Number("out_h_double"), Number("out_w_double")), ResizedSize.Of(Number("h"), Number("w"), Number("min"), Number("max"), ResizeRule.DoublePrecision));
            Assert.Equal((Number("pad_h"), Number("pad_w")), (ResizedSize.Padded(Number("out_h"), 32), ResizedSize.Padded(Number("out_w"), 32)));
        }
    }

    [Fact]
    public void Keypoints_are_decoded_as_by_torchvision()
    {
        float[] maps = [.. ProceduralWeights.Unit("kp.maps", 3 * 17 * 56 * 56, 1).Select(value => value * 3)];
        Box[] regions = _golden.Boxes("kp.rois");
        float[] points = _golden.Floats("kp.keypoints"), scores = _golden.Floats("kp.scores");
        for (int i = 0; i < scores.Length; i++)
        {
            (float x, float y, float score) = KeypointDecoder.Decode(maps.AsSpan(i * 56 * 56, 56 * 56), 56, regions[i / 17]);
            Near.Equal([points[3 * i], points[3 * i + 1], scores[i]], [x, y, score], 1e-4, $"keypoint {i}");
        }
    }

    [Theory]
    [InlineData("1e-5", 1e-5)]
    [InlineData("0", 0)]
    public void Frozen_batch_norm_is_torchvisions(string name, double eps)
    {
        using FrozenBatchNorm norm = new(4, eps);
        foreach ((string buffer, string stored) in new[] { ("weight", "weight"), ("bias", "bias"), ("running_mean", "mean"), ("running_var", "var") })
            norm.get_buffer(buffer)!.copy_(_golden.Tensor($"fbn.{stored}"));
        float[] expected = _golden.Floats($"fbn.out_eps{name}"), input = _golden.Floats("fbn.x");
        Near.Equal(expected, Near.Values(norm.call(_golden.Tensor("fbn.x"))), 1e-5, "computed");
        (double[] scale, double[] shift) = norm.Affine()!.Value;
        Near.Equal(expected, [.. input.Select((x, i) => (float)(x * scale[i / 9] + shift[i / 9]))], 1e-5, "folded");
    }

    public void Dispose() => _golden.Dispose();
}
