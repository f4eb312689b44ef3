using MaskRcnn.Grains.Documents;
using MaskRcnn.Storage.Memory;

namespace MaskRcnn.Grains.Tests.Partitions;

public sealed class InterleavingTests
{
    private const int Schedules = 3000;

    [Fact]
    public void In_every_schedule_each_image_is_in_one_leaf_commit_and_everything_ends()
    {
        int split = 0, divided = 0, givenUp = 0, duplicates = 0, refused = 0;
        for (int seed = 0; seed < Schedules; seed++)
        {
            var schedule = new PartitionSchedule(seed, new MemoryBlobStore(), compareTokens: true);
            schedule.Run();
            split += Math.Sign(schedule.Seen.Splits);
            divided += Math.Sign(schedule.Seen.Divisions);
            givenUp += Math.Sign(schedule.Seen.GivenUp);
            duplicates += Math.Sign(schedule.Seen.Duplicates);
            refused += Math.Sign(schedule.Seen.Refused);
        }
        Assert.All([split, divided, givenUp, duplicates, refused], seen => Assert.True(seen > Schedules / 20, $"Of {Schedules} schedules {split} had a split, {divided} a division, {givenUp} an image given up, {duplicates} two activations at the end, {refused} refused calls; expected many of each."));
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
        // Records that contradict each other are one, too.
        catch (Exception exception) when (exception is ViolationException or DocumentException)
        {
            return true;
        }
    }
}
