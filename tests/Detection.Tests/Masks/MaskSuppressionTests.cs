using CsCheck;
using MaskRcnn.Coco.Masks;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Masks;

namespace MaskRcnn.Detection.Tests.Masks;

public sealed class MaskSuppressionTests
{
    private const int Side = 12;

    private static readonly Gen<DetectedInstance> Rectangle =
        from x in Gen.Int[0, Side - 1]
        from y in Gen.Int[0, Side - 1]
        from width in Gen.Int[0, Side]
        from height in Gen.Int[1, Side]
        from label in Gen.Int[1, 2]
        select Instance(label, x, y, Math.Min(width, Side - x), Math.Min(height, Side - y));

    [Fact]
    public void What_is_kept_are_those_that_no_better_kept_one_of_their_label_covers_pixel_by_pixel() =>
        Gen.Select(Rectangle.List[0, 15], Gen.Double[0, 1]).Sample((instances, threshold) =>
        {
            List<DetectedInstance> expected = [];
            foreach (DetectedInstance candidate in instances)
            {
                byte[] pixels = RleDense.Decode(candidate.Mask!);
                bool isCovered = expected.Any(better =>
                {
                    byte[] others = RleDense.Decode(better.Mask!);
                    int both = pixels.Zip(others).Count(p => p is (1, 1)), smaller = Math.Min(pixels.Count(p => p == 1), others.Count(p => p == 1));
                    return better.Label == candidate.Label && smaller > 0 && both > threshold * smaller;
                });
                if (!isCovered) expected.Add(candidate);
            }
            Assert.Equal(expected, MaskSuppression.Run(instances, threshold));
        }, iter: 2000);

    [Fact]
    public void Two_objects_drop_the_worse_one_that_joins_them_and_a_better_one_drops_the_two()
    {
        DetectedInstance left = Instance(1, 0, 0, 4, 4), right = Instance(1, 4, 0, 4, 4), joined = Instance(1, 0, 0, 8, 4), elsewhere = Instance(1, 0, 8, 2, 2);
        Assert.Equal([left, right, elsewhere], MaskSuppression.Run([left, right, joined, elsewhere], 0.5));
        Assert.Equal([joined, elsewhere], MaskSuppression.Run([joined, left, right, elsewhere], 0.5));
    }

    [Fact]
    public void Instances_without_a_mask_and_with_an_empty_one_are_kept()
    {
        DetectedInstance whole = Instance(1, 0, 0, Side, Side), empty = Instance(1, 3, 3, 0, 1), none = whole with { Mask = null };
        Assert.Equal([whole, empty, none, empty], MaskSuppression.Run([whole, empty, none, empty, whole], 0));
    }

    [Fact]
    public void A_share_of_exactly_the_threshold_suppresses_nothing() =>
        Assert.Equal(2, MaskSuppression.Run([Instance(1, 0, 0, 4, 4), Instance(1, 2, 0, 4, 4)], 0.5).Count);

    private static DetectedInstance Instance(int label, int x, int y, int width, int height)
    {
        byte[] pixels = new byte[Side * Side];
        for (int row = y; row < y + height; row++) pixels.AsSpan(row * Side + x, width).Fill(1);
        return new DetectedInstance { Label = label, Score = 0.5f, Box = new Box(x, y, x + width, y + height), Mask = RleDense.Encode(pixels, Side, Side) };
    }
}
