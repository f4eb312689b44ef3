using MaskRcnn.Grains.Sources;
using MaskRcnn.Grains.Sources.Sorting;

namespace MaskRcnn.Grains.Tests.Sources.Sorting;

public sealed class ExternalSortTests
{
    [Theory]
    [InlineData(0, 1000, 0)]
    [InlineData(1, 1, 1)]
    [InlineData(5000, 10_000_000, 0)]
    [InlineData(5000, 20_000, 30)]
    [InlineData(700, 1, 60)] // a run an item: runs are merged into one again and again
    public void What_comes_out_is_what_went_in_in_order(int count, long budget, int leastRuns)
    {
        for (int seed = 0; seed < 3; seed++)
        {
            NamedImage[] images = [.. Random(seed, count)];
            using var sort = new ExternalSort<NamedImage>(NamedImage.ByName, budget);
            foreach (NamedImage image in images) sort.Add(image);
            NamedImage[] expected = [.. images.OrderBy(i => i.Name, StringComparer.Ordinal).ThenBy(i => i.Place)];
            Assert.Equal(expected, sort.Sorted());
            Assert.Equal(expected, sort.Sorted());
            Assert.InRange(sort.Runs, Math.Min(leastRuns, 1), 128);
            Assert.Equal(expected.Zip(expected), sort.Sorted().Zip(sort.Sorted()));
        }
    }

    [Fact]
    public void Names_beyond_the_basic_plane_are_in_ordinal_order_and_not_in_that_of_their_bytes()
    {
        // U+1F52C is before U+FF21 as UTF-16, and after it as UTF-8.
        using var sort = new ExternalSort<NamedImage>(NamedImage.ByName, 1);
        foreach (string name in (string[])["\uFF21.png", "\U0001F52C.png", "a.png"]) sort.Add(new NamedImage(name, 1));
        Assert.Equal(["a.png", "\U0001F52C.png", "\uFF21.png"], sort.Sorted().Select(i => i.Name));
    }

    [Fact]
    public void No_file_is_left_even_when_nobody_disposes()
    {
        string[] before = Files();
        using var sort = new ExternalSort<GivenId>(GivenId.ById, 1);
        for (int i = 0; i < 10; i++) sort.Add(new GivenId(-i, i));
        Assert.Equal(Enumerable.Range(-9, 10).Select(i => (long)i), sort.Sorted().Select(g => g.Id));
        Assert.Empty(Files().Except(before));

        static string[] Files() => Directory.GetFiles(Path.GetTempPath(), "maskrcnn-*.sort");
    }

    private static IEnumerable<NamedImage> Random(int seed, int count)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            string name = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => "abc/é細\U0001F52C"[random.Next(6)])) + ".png";
            yield return new NamedImage(name, i, random.Next(2) == 0 ? null : random.NextInt64(long.MinValue, long.MaxValue), random.NextInt64(-1, long.MaxValue - 1), random.NextInt64());
        }
    }
}
