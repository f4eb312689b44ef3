using MaskRcnn.Coco.Evaluation.Instances;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Tests.Evaluation.Instances;

public sealed class InstancePairsTests
{
    private const int Side = 20;

    [Fact]
    public void Each_object_has_one_detection_and_what_is_left_over_has_none()
    {
        Rle near = Square(0, 10), far = Square(10, 20), shifted = Square(0, 9);
        Assert.Equal([0, -1, 1], InstancePairs.Match([near, shifted, far], [near, far], .5));
        Assert.Equal([-1], InstancePairs.Match([shifted], [far], .5));
    }

    [Fact]
    public void A_pair_counts_from_the_threshold_on()
    {
        // 81 of 100 pixels.
        Assert.Equal([0], InstancePairs.Match([Square(0, 9)], [Square(0, 10)], .81));
        Assert.Equal([-1], InstancePairs.Match([Square(0, 9)], [Square(0, 10)], .8101));
    }

    [Fact]
    public void Nothing_matches_nothing() => Assert.Empty(InstancePairs.Match([], [Square(0, 3)], .5));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_threshold_of_nothing_is_refused(double iou) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => InstancePairs.Match([], [], iou));

    /// <summary>The square from one corner to another on the diagonal.</summary>
    private static Rle Square(int from, int to)
    {
        List<uint> counts = [];
        uint gap = (uint)((from * Side) + from);
        for (int x = from; x < to; x++)
        {
            counts.AddRange([gap, (uint)(to - from)]);
            gap = (uint)(Side - (to - from));
        }
        counts.Add((uint)((Side * Side) - counts.Sum(count => count)));
        return Rle.FromCounts(Side, Side, [.. counts]);
    }
}
