using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Weights.Layout;

namespace MaskRcnn.Detection.Tests.Weights;

/// <summary>Keys, shapes and their order, against what torchvision prints.</summary>
public sealed class TorchvisionLayoutTests
{
    public static TheoryData<string> Presets { get; } = [.. ModelPresets.Names];

    [Theory]
    [InlineData("maskrcnn_resnet50_fpn", "state_dict_v1.txt")]
    [InlineData("maskrcnn_resnet50_fpn_v2", "state_dict_v2.txt")]
    [InlineData("keypointrcnn_resnet50_fpn", "state_dict_keypoint.txt")]
    [InlineData("maskrcnn_resnet18_fpn_v2", "maskrcnn_resnet18_fpn_v2.txt")]
    public void The_list_of_a_preset_is_that_of_torchvision(string preset, string file)
    {
        string[] expected = [.. LayoutLines.Of(file).Select(columns => string.Join(' ', columns.Take(4)))];
        Assert.Equal(expected, TorchvisionLayout.Expected(ModelPresets.Get(preset)).Select(tensor => string.Join(' ', LayoutLines.Columns(tensor))));
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void Every_preset_has_the_keys_shapes_and_counts_of_torchvision(string preset)
    {
        IReadOnlyList<ExpectedTensor> tensors = TorchvisionLayout.Expected(ModelPresets.Get(preset));
        string text = string.Concat(tensors.Select(tensor => string.Join('\t', LayoutLines.Columns(tensor)) + "\n"));
        JsonElement expected = JsonDocument.Parse(File.ReadAllText(WeightData.Layout("presets.json"))).RootElement.GetProperty(preset);
        Assert.Equal(
            (expected.GetProperty("tensors").GetInt64(), expected.GetProperty("parameters").GetInt64(), expected.GetProperty("buffers").GetInt64(), expected.GetProperty("sha256").GetString()),
            (tensors.Count, Numbers(true), Numbers(false), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))));

        long Numbers(bool parameters) => tensors.Where(t => t.IsParameter == parameters).Sum(t => t.Shape.Aggregate(1L, (product, size) => product * size));
    }

    [Fact]
    public void A_body_with_group_norm_has_weights_and_biases_only()
    {
        NormConfiguration group = new() { Kind = NormKind.Group };
        ModelConfiguration model = ModelPresets.Get("maskrcnn_resnet50_fpn");
        IReadOnlyList<ExpectedTensor> tensors = TorchvisionLayout.Expected(model with { Backbone = model.Backbone with { Norm = group } });
        Assert.DoesNotContain(tensors, t => t.Name.Contains("running_") || t.Name.Contains("num_batches"));
        Assert.Contains(tensors, t => t is { Name: "backbone.body.bn1.bias", IsParameter: true });
        Assert.DoesNotContain(tensors, t => t.Name == "backbone.body.conv1.bias");
    }

    [Fact]
    public void Without_a_norm_convolutions_have_a_bias()
    {
        ModelConfiguration model = ModelPresets.Get("maskrcnn_resnet18_fpn");
        IReadOnlyList<ExpectedTensor> tensors = TorchvisionLayout.Expected(model with { Backbone = model.Backbone with { Norm = new() } });
        Assert.Contains(tensors, t => t.Name == "backbone.body.layer2.0.downsample.0.bias");
        Assert.DoesNotContain(tensors, t => t.Name.Contains("bn1"));
    }

    [Fact]
    public void A_mask_for_all_classes_is_one_output() => Assert.Equal(
        [1L, 256, 1, 1],
        TorchvisionLayout.Expected(ModelPresets.Get("maskrcnn_resnet50_fpn") with { MaskHead = new() { ClassAgnostic = true } })
            .Single(t => t.Name == "roi_heads.mask_predictor.mask_fcn_logits.weight").Shape);
}
