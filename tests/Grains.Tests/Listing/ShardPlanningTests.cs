using MaskRcnn.Detection.Configuration;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Listing;

namespace MaskRcnn.Grains.Tests.Listing;

public sealed class ShardPlanningTests
{
    [Fact]
    public void Shards_end_at_the_count_or_at_the_bytes()
    {
        ListedImage[] images = [.. new long[] { 10, 10, 10, 50, 60, 100, 500, 1, 0, long.MaxValue, 1 }.Select((size, i) => new ListedImage($"{i}", size, "e", i))];
        Assert.Equal([3, 1, 1, 1, 1, 2, 1, 1], ShardPlanner.Cut(images, new ShardSize(3, 100)));
        Assert.Equal([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], ShardPlanner.Cut(images, new ShardSize(1, 100)));
        Assert.Empty(ShardPlanner.Cut([], new ShardSize(3, 100)));
        Assert.Throws<ArgumentOutOfRangeException>(() => ShardPlanner.Cut(images, new ShardSize(0, 100)));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(16, 1)]
    [InlineData(100, 7)]
    [InlineData(4096, 200)]
    public void The_last_page_is_cut_so_that_several_workers_share_it(int images, int expected)
    {
        Assert.Equal(expected, ShardPlanner.ForLastPage(images, new ShardSize(200, 100)).Images);
        Assert.Equal(200, ShardPlanner.ForLastPage(images, new ShardSize(200, 100, IsGiven: true)).Images);
    }

    [Fact]
    public void Random_pages_are_cut_as_the_rule_says()
    {
        var random = new Random(1);
        for (int round = 0; round < 200; round++)
        {
            var size = new ShardSize(random.Next(1, 10), random.Next(1, 1000));
            ListedImage[] images = [.. Enumerable.Range(0, random.Next(1, 100)).Select(i => new ListedImage($"{i}", random.Next(600), "e", i))];
            int first = 0;
            foreach (int count in ShardPlanner.Cut(images, size))
            {
                long bytes = images.Skip(first).Take(count).Sum(image => image.Size);
                Assert.True(count == 1 || (count <= size.Images && bytes <= size.Bytes));
                // One more would have been too much.
                Assert.True(first + count == images.Length || count == size.Images || bytes + images[first + count].Size > size.Bytes);
                first += count;
            }
            Assert.Equal(images.Length, first);
        }
    }

    [Fact]
    public void The_estimate_is_near_what_was_measured()
    {
        // benchmarks/README.md: ResNet-50 at 800×1088 in fp32 takes 1.42 s on two cores.
        Assert.Equal(1.42, ShardSizing.Seconds(ModelPresets.Get("maskrcnn_resnet50_fpn"), gpu: false), 0.15);
        Assert.InRange(ShardSizing.Estimate(ModelPresets.Get("maskrcnn_resnet50_fpn"), gpu: false).Images, 10, 20);
    }

    [Fact]
    public void Every_preset_has_a_shard_of_some_images_and_larger_models_have_smaller_shards()
    {
        foreach (string name in ModelPresets.Names)
        {
            ShardSize cpu = ShardSizing.Estimate(ModelPresets.Get(name), gpu: false), gpu = ShardSizing.Estimate(ModelPresets.Get(name), gpu: true);
            Assert.InRange(cpu.Images, 1, 100);
            Assert.InRange(gpu.Images, cpu.Images, 2048);
            Assert.Equal(256L * 1024 * 1024, cpu.Bytes);
        }
        int[] depths = [.. new[] { 18, 34, 50, 101, 152 }.Select(depth => ShardSizing.Estimate(ModelPresets.Get($"maskrcnn_resnet{depth}_fpn"), gpu: false).Images)];
        Assert.Equal(depths.OrderDescending(), depths);
        ModelConfiguration small = ModelPresets.Get("maskrcnn_resnet18_fpn") with { Transform = new() { MinSizes = [32], MaxSize = 64 }, Rpn = new() { PostNmsTopN = 1 }, PostProcessing = new() { MaxDetections = 1 } };
        Assert.InRange(ShardSizing.Estimate(small, gpu: false).Images, 200, 2048);
    }
}
