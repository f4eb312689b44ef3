using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Listing;

namespace MaskRcnn.Grains.Tests.Jobs;

public sealed class PartitionPlanTests
{
    [Fact]
    public void A_partition_knows_every_segment_that_holds_one_of_its_shards()
    {
        // 700 shards a segment: shard 1024 lies in the second, 2048 in the third.
        var plan = new PartitionPlan();
        for (int segment = 0; segment < 4; segment++) plan.Add(new SegmentHeader(700 * segment, 700, 4096));
        Assert.Equal([(0, 2), (1, 2), (2, 2)], Enumerable.Range(0, plan.Count).Select(p => plan[p]));
    }

    [Fact]
    public void A_segment_may_hold_several_partitions_and_end_exactly_at_one()
    {
        var plan = new PartitionPlan();
        plan.Add(new SegmentHeader(0, 3072, 4096));
        plan.Add(new SegmentHeader(3072, 1, 1));
        Assert.Equal([(0, 1), (0, 1), (0, 1), (1, 1)], Enumerable.Range(0, plan.Count).Select(p => plan[p]));
    }
}
