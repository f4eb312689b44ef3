using CsCheck;
using MaskRcnn.Detection.Training.Data;
using MaskRcnn.Detection.Training.Loading;

namespace MaskRcnn.Detection.Tests.Training.Loading;

public sealed class EpochOrderTests
{
    private const int Epochs = 6;

    private static readonly Gen<(int[] Groups, int Batch, int Seed)> Cases =
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 4], Gen.Int[1, 9], Gen.Int[0, 1000]).Select((images, groups, batch, seed) => (GroupsOf(images, groups, seed), batch, seed));

    [Fact]
    public void Over_the_epochs_every_image_comes_once_in_each_and_none_is_lost() => Cases.Sample(c =>
    {
        EpochOrder order = new(c.Groups, c.Batch, c.Seed);
        long steps = order.BatchesThrough(Epochs);
        EpochItem[] items = [.. Steps(0, steps).SelectMany(order.Batch)];
        Assert.Equal(items.Length, items.Distinct().Count());
        // What is not in a batch yet is what each group has too few of for one.
        foreach (IGrouping<int, int> group in Enumerable.Range(0, c.Groups.Length).GroupBy(i => c.Groups[i]))
        {
            int seen = items.Count(item => c.Groups[item.Index] == group.Key);
            Assert.Equal(Epochs * group.Count() / c.Batch * c.Batch, seen);
            // Whole epochs are complete before a later one begins.
            for (int epoch = 0; epoch < seen / group.Count(); epoch++) Assert.Equal(group.Count(), items.Count(item => item.Epoch == epoch && c.Groups[item.Index] == group.Key));
        }
    }, iter: 100);

    [Fact]
    public void A_batch_is_of_one_group_and_full() => Cases.Sample(c =>
    {
        EpochOrder order = new(c.Groups, c.Batch, c.Seed);
        foreach (long step in Steps(0, 50))
        {
            IReadOnlyList<EpochItem> batch = order.Batch(step);
            Assert.Equal(c.Batch, batch.Count);
            Assert.Single(batch.Select(item => c.Groups[item.Index]).Distinct());
        }
    }, iter: 50);

    [Fact]
    public void A_step_has_the_same_images_wherever_the_run_begins() => Cases.Sample(c =>
    {
        EpochOrder through = new(c.Groups, c.Batch, c.Seed);
        IReadOnlyList<EpochItem>[] expected = [.. Steps(0, 60).Select(through.Batch)];
        foreach (int step in (int[])[59, 7, 30, 31, 0]) Assert.Equal(expected[step], new EpochOrder(c.Groups, c.Batch, c.Seed).Batch(step));
        foreach (int step in (int[])[59, 0, 13]) Assert.Equal(expected[step], through.Batch(step));
    }, iter: 50);

    [Fact]
    public void Without_groups_batches_go_straight_through_the_epochs()
    {
        EpochOrder order = new(new int[10], 4, 3);
        EpochItem[] items = [.. Steps(0, 5).SelectMany(order.Batch)];
        Assert.Equal(Enumerable.Repeat(0L, 10).Concat(Enumerable.Repeat(1L, 10)), items.Select(item => item.Epoch));
        Assert.NotEqual(items[..10].Select(item => item.Index), items[10..].Select(item => item.Index));
        Assert.NotEqual(items, Steps(0, 5).SelectMany(new EpochOrder(new int[10], 4, 4).Batch));
    }

    [Fact]
    public void A_late_step_of_a_large_data_set_is_found_at_once()
    {
        int[] groups = GroupsOf(100_000, 7, 1);
        EpochOrder order = new(groups, 16, 1);
        long step = order.BatchesThrough(1_000_000) + 5;
        Assert.All(order.Batch(step), item => Assert.InRange(item.Epoch, 999_999, 1_000_000));
    }

    [Fact]
    public void Groups_are_those_of_torchvisions_bounds()
    {
        // 2 ** numpy.linspace(-1, 1, 7), and bisect_right.
        double[] bounds = [0.5, 0.6299605249474366, 0.7937005259840998, 1, 1.2599210498948732, 1.5874010519681994, 2];
        TrainingImage[] images = [.. from w in Enumerable.Range(1, 30) from h in Enumerable.Range(1, 30) select new TrainingImage(w * 100 + h, "", w, h, 1)];
        int[] groups = AspectRatioGroups.Of(images);
        for (int i = 0; i < images.Length; i++)
        {
            double ratio = (double)images[i].Width / images[i].Height;
            Assert.Equal(bounds.TakeWhile(bound => ratio >= bound).Count(), groups[i]);
        }
        Assert.Equal([0, 1, 0], AspectRatioGroups.Of([new(1, "", 10, 10, 1), new(2, "", 30, 10, 1), new(3, "", 11, 10, 1)]));
    }

    private static IEnumerable<long> Steps(long first, long count) => Enumerable.Range(0, (int)count).Select(i => first + i);

    private static int[] GroupsOf(int images, int groups, int seed)
    {
        // Groups without gaps, of different sizes.
        int[] drawn = [.. Enumerable.Range(0, images).Select(i => (i * i + seed * i) % 97 % groups)];
        int[] used = [.. drawn.Distinct().Order()];
        return [.. drawn.Select(group => Array.IndexOf(used, group))];
    }
}
