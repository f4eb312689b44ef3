using System.Globalization;
using CsCheck;
using MaskRcnn.Detection.Boxes;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Native;
using MaskRcnn.Detection.TensorOperators;
using MaskRcnn.Detection.Tests.Golden;
using TorchSharp;

namespace MaskRcnn.Detection.Tests.TensorOperators;

public sealed class TensorSuppressionTests
{
    [Theory]
    [InlineData("0.3")]
    [InlineData("0.5")]
    [InlineData("0.7")]
    public void Suppression_keeps_what_torchvision_keeps(string threshold)
    {
        using GoldenFile golden = new("ops");
        int[] kept = Kept(golden.Boxes("nms.boxes"), golden.Floats("nms.scores"), null, double.Parse(threshold, CultureInfo.InvariantCulture));
        Assert.Equal(golden.Integers($"nms.keep_{threshold}"), kept.Select(i => (long)i));
    }

    [Theory]
    [InlineData("nms.boxes", "nms.scores", "bnms.idxs", "bnms.keep_small_0.5")]
    [InlineData("bnms.big_boxes", "bnms.big_scores", "bnms.big_idxs", "bnms.big_keep_0.5")]
    public void Suppression_within_groups_keeps_what_torchvision_keeps(string boxes, string scores, string groups, string expected)
    {
        using GoldenFile golden = new("ops");
        int[] kept = Kept(golden.Boxes(boxes), golden.Floats(scores), [.. golden.Integers(groups)], 0.5);
        Assert.Equal(golden.Integers(expected), kept.Select(i => (long)i));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public void Suppression_keeps_what_the_kernel_keeps_whatever_the_size_of_its_blocks(int block)
    {
        TorchLibrary.EnsureLoaded();
        var cases = Gen.Select(RandomCases.Box, RandomCases.Score, Gen.Long[0, 2]).Array[0, block == 1 ? 40 : 150];
        foreach (var test in RandomCases.Of(Gen.Select(cases, Gen.Int[0, 10].Select(n => n / 10.0)), 30))
        {
            var (items, threshold) = test;
            Box[] boxes = [.. items.Select(item => item.Item1)];
            float[] scores = [.. items.Select(item => item.Item2)];
            long[] groups = [.. items.Select(item => item.Item3)];
            Assert.Equal(Expected(boxes, scores, groups, threshold), Kept(boxes, scores, groups, threshold, block));
        }
    }

    [Fact]
    public void A_long_chain_of_overlaps_is_followed_to_its_end()
    {
        TorchLibrary.EnsureLoaded();
        // Each box suppresses only the next: every second one stays.
        Box[] boxes = [.. Enumerable.Range(0, 101).Select(i => new Box(4 * i, 0, 4 * i + 10, 10))];
        float[] scores = [.. Enumerable.Range(0, boxes.Length).Select(i => 1 - i / 200f)];
        Assert.Equal(Enumerable.Range(0, 51).Select(i => 2 * i), Kept(boxes, scores, null, 0.4));
    }

    [Fact]
    public void Once_there_are_enough_the_rest_is_left_out()
    {
        TorchLibrary.EnsureLoaded();
        Box[] boxes = [.. Enumerable.Range(0, 50).Select(i => new Box(20 * i, 0, 20 * i + 10, 10))];
        float[] scores = [.. boxes.Select((_, i) => 1 - i / 100f)];
        Assert.Equal(Enumerable.Range(0, 20), Kept(boxes, scores, null, 0.5, block: 10, enough: 15));
    }

    [Fact]
    public void Five_thousand_boxes_are_suppressed_as_by_the_kernel()
    {
        TorchLibrary.EnsureLoaded();
        var items = RandomCases.Of(Gen.Select(RandomCases.Box, Gen.Float[0, 1], Gen.Long[0, 40]).Array[5000], 1).Single();
        Box[] boxes = [.. items.Select(item => item.Item1)];
        float[] scores = [.. items.Select(item => item.Item2)];
        int[] expected = NonMaximumSuppression.RunBatched(boxes, scores, [.. items.Select(item => (int)item.Item3)], 0.5);
        Assert.Equal(expected, Kept(boxes, scores, [.. items.Select(item => item.Item3)], 0.5));
    }

    private static int[] Expected(Box[] boxes, float[] scores, long[] groups, double threshold)
    {
        List<int> kept = [];
        foreach (long group in groups.Distinct())
        {
            int[] own = [.. Enumerable.Range(0, boxes.Length).Where(i => groups[i] == group)];
            kept.AddRange(NonMaximumSuppression.Run([.. own.Select(i => boxes[i])], [.. own.Select(i => scores[i])], threshold).Select(i => own[i]));
        }

        return [.. kept.OrderByDescending(i => scores[i]).ThenBy(i => i)];
    }

    private static int[] Kept(Box[] boxes, float[] scores, long[]? groups, double threshold, int block = 0, int enough = int.MaxValue)
    {
        using var scope = torch.NewDisposeScope();
        int[] order = [.. Enumerable.Range(0, boxes.Length).OrderByDescending(i => scores[i])];
        torch.Tensor corners = torch.tensor([.. order.SelectMany(i => new[] { boxes[i].X1, boxes[i].Y1, boxes[i].X2, boxes[i].Y2 })], [1, boxes.Length, 4]);
        torch.Tensor? own = groups is null ? null : torch.tensor([.. order.Select(i => groups[i])], [1, boxes.Length]);
        torch.Tensor keep = TensorSuppression.Keep(corners, own, torch.ones([1, boxes.Length], torch.@bool), threshold, enough, block);
        bool[] kept = keep.data<bool>().ToArray();
        return [.. order.Where((_, place) => kept[place])];
    }
}
