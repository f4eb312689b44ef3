using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Weights;
using MaskRcnn.Detection.Weights.Layout;

namespace MaskRcnn.Detection.Tests.Weights;

public sealed class TorchvisionKeysTests
{
    [Theory]
    [InlineData("maskrcnn_resnet50_fpn", "state_dict_v1.txt", 26)]
    [InlineData("keypointrcnn_resnet50_fpn", "state_dict_keypoint.txt", 18)]
    public void The_keys_of_a_published_file_become_those_of_today(string preset, string file, int renamed)
    {
        string[] published = [.. LayoutLines.Of(file).Select(columns => columns[5].Length > 0 ? columns[5] : columns[0])];
        KeyMapping mapping = TorchvisionKeys.Map(Dict([.. published, "backbone.body.bn1.num_batches_tracked"]), TorchvisionLayout.Expected(ModelPresets.Get(preset)));
        Assert.Equal(LayoutLines.Of(file).Select(columns => columns[0]), mapping.Weights.Tensors.Select(t => t.Name));
        Assert.Equal((renamed, 1, true), (mapping.Renamed, mapping.Dropped, mapping.HasOldNames));
    }

    [Fact]
    public void The_keys_of_today_stay_with_the_counters_that_the_model_has()
    {
        IReadOnlyList<ExpectedTensor> expected = TorchvisionLayout.Expected(ModelPresets.Get("maskrcnn_resnet50_fpn_v2"));
        KeyMapping mapping = TorchvisionKeys.Map(Dict([.. expected.Select(e => e.Name)]), expected);
        Assert.Equal(expected.Select(e => e.Name), mapping.Weights.Tensors.Select(t => t.Name));
        Assert.Equal((0, 0, false), (mapping.Renamed, mapping.Dropped, mapping.HasOldNames));
    }

    [Fact]
    public void A_key_under_both_of_its_names_is_refused()
    {
        var error = Assert.Throws<StateDictMismatchException>(() => TorchvisionKeys.Map(Dict("rpn.head.conv.weight", "rpn.head.conv.0.0.weight")));
        Assert.Contains("'rpn.head.conv.weight'", error.Message);
    }

    [Fact]
    public void Every_difference_is_named_with_both_shapes()
    {
        ExpectedTensor[] expected = [new("same", [2, 3]), new("gone", [4]), new("shape", [2, 3]), new("count", [], TensorType.I64)];
        StateDict weights = new(
        [
            new StoredTensor("same", TensorType.F16, [2, 3], new byte[12]),
            new StoredTensor("shape", TensorType.F32, [3, 2], new byte[24]),
            new StoredTensor("count", TensorType.F32, [], new byte[4]),
            new StoredTensor("more", TensorType.F32, [1], new byte[4]),
        ]);
        var error = Assert.Throws<StateDictMismatchException>(() => StateDictCheck.Require(weights, expected, "w.pth", "net"));
        Assert.Equal(["missing gone 4", "unexpected more 1", "shape is 3×2, expected 2×3", "count is F32, expected I64"], error.Differences!.Lines);
        Assert.Equal(
            "w.pth does not fit net: 1 missing, 1 unexpected, 2 of another shape or type:\n  missing gone 4\n  unexpected more 1\n  shape is 3×2, expected 2×3\n  count is F32, expected I64",
            error.Message);
    }

    [Fact]
    public void A_message_names_twenty_differences_and_counts_the_rest()
    {
        ExpectedTensor[] expected = [.. Enumerable.Range(0, 50).Select(i => new ExpectedTensor($"k{i}", [1]))];
        StateDictDifferences differences = StateDictCheck.Compare(Dict(), expected);
        Assert.Equal(50, differences.Lines.Count);
        Assert.EndsWith("missing k19 1\n  … and 30 more", differences.ToString());
    }

    private static StateDict Dict(params string[] names) => new([.. names.Select(name => new StoredTensor(name, TensorType.F32, [], new byte[4]))]);
}
