using MaskRcnn.Storage.Memory;

namespace MaskRcnn.Grains.Tests.Partitions;

public sealed class InterleavingTests
{
    private const int Schedules = 3000;

    [Fact]
    public void In_every_schedule_each_image_is_in_one_leaf_commit_and_everything_ends()
    {
        for (int seed = 0; seed < Schedules; seed++) new PartitionSchedule(seed, new MemoryBlobStore(), compareTokens: true).Run();
    }

    [Fact]
    public void With_put_in_place_of_put_if_absent_the_properties_do_not_hold()
    {
        int violations = Enumerable.Range(0, Schedules / 10).Count(seed => IsViolated(new PartitionSchedule(seed, new UnconditionalStore(), compareTokens: true)));
        Assert.True(violations > Schedules / 100, $"{violations} schedules were violated; expected that the test finds a store without conditions.");
    }

    [Fact]
    public void Without_the_comparison_of_tokens_the_properties_do_not_hold()
    {
        int violations = Enumerable.Range(0, Schedules / 10).Count(seed => IsViolated(new PartitionSchedule(seed, new MemoryBlobStore(), compareTokens: false)));
        Assert.True(violations > Schedules / 100, $"{violations} schedules were violated; expected that the test finds a table without tokens.");
    }

    private static bool IsViolated(PartitionSchedule schedule)
    {
        try
        {
            schedule.Run();
            return false;
        }
        catch (ViolationException)
        {
            return true;
        }
    }
}
