using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Sources;

namespace MaskRcnn.Grains.Tests.Sources;

public sealed class SortedNamesTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Each_name_comes_once_also_from_the_middle_on(bool lastCounts)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            NamedImage[] images = [.. Enumerable.Range(1, random.Next(1, 300)).Select(i => new NamedImage($"{random.Next(150)}.png", i, Size: i))];
            using var names = new SortedNames("f", new Limits(), "line", lastCounts, budget: random.Next(1, 40_000));
            foreach (NamedImage image in images) names.Add(image);
            NameSample repeated = names.Check(None);
            NamedImage[] expected = [.. images.GroupBy(i => i.Name).Select(g => lastCounts ? g.Last() : g.First()).OrderBy(i => i.Name, StringComparer.Ordinal)];
            Assert.Equal(images.Length - expected.Length, repeated.Count);
            Assert.Equal(Math.Min(20, repeated.Count), repeated.Names.Count);
            Assert.Equal(expected, names.After(null));
            for (int i = 0; i < expected.Length; i += 7) Assert.Equal(expected[(i + 1)..], names.After(expected[i].Name));
            Assert.Empty(names.After("~"));
        }
    }

    [Fact]
    public void An_image_with_two_ids_and_an_id_with_two_images_are_errors_that_name_both_places()
    {
        Assert.Equal("f: line 3 gives 'a' the id 2, and line 1 1; expected one id for an image.", Fault(("a", 1), ("b", 9), ("a", 2)).Message);
        Assert.Equal("f: line 3 gives an image the id 1, which line 1 has given to another; expected an id of its own for each image.", Fault(("b", 1), ("c", 2), ("a", 1)).Message);
        Assert.Equal("f: line 1 gives an id, and line 2 none; expected ids for all images or for none.", Fault(("b", 1), ("c", null)).Message);
        Assert.Equal("f: line 2 gives an id, and line 1 none; expected ids for all images or for none.", Fault(("b", null), ("c", 1)).Message);
        using SortedNames same = Names([("a", 1), ("b", 2), ("a", 1)]);
        Assert.Equal(1, same.Check(None).Count);
        Assert.True(same.HasIds);
    }

    [Theory]
    [InlineData("/etc/passwd", "absolute")]
    [InlineData("../a.png", "'..'")]
    [InlineData("a/../../b.png", "'..'")]
    [InlineData("a//b.png", "'//'")]
    [InlineData("a\\b.png", "backslash")]
    [InlineData("a\0.png", "NUL")]
    [InlineData("az://c/a.png", "URI")]
    [InlineData("https://h/a.png", "URI")]
    [InlineData("", "empty")]
    [InlineData(".", "'.'")]
    [InlineData("x/.maskrcnn-tmp-1", "the store's own")]
    public void A_name_that_leads_out_or_is_none_is_refused(string name, string fault)
    {
        using var names = new SortedNames("f", new Limits(), "line", lastCounts: false);
        SourceException refusal = Assert.Throws<SourceException>(() => names.Add(new NamedImage(name, 17)));
        Assert.StartsWith("f: line 17 names '", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(fault, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Expected a path below the images' root", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_names_than_a_job_may_have_are_an_error_and_a_long_one_is_not_repeated()
    {
        using var names = new SortedNames("f", new Limits { Images = 3 }, "line", lastCounts: false);
        names.Add(new NamedImage("a", 1));
        names.Add(new NamedImage("a", 2));
        Assert.Contains("Unicode", Assert.Throws<SourceException>(() => names.Add(new NamedImage("a\uD800.png", 3))).Message, StringComparison.Ordinal);
        LimitException limit = Assert.Throws<LimitException>(() => names.Add(new NamedImage("a", 4)));
        Assert.Equal((nameof(Limits.Images), 3), (limit.Limit, limit.Most));
        using var others = new SortedNames("f", new Limits(), "line", lastCounts: false);
        Assert.True(Assert.Throws<SourceException>(() => others.Add(new NamedImage(new string('x', 60_000), 1))).Message.Length < 600);
    }

    private static SourceException Fault(params (string Name, long? Id)[] images) => Assert.Throws<SourceException>(() =>
    {
        using SortedNames names = Names(images);
        names.Check(None);
    });

    private static SortedNames Names((string Name, long? Id)[] images)
    {
        var names = new SortedNames("f", new Limits(), "line", lastCounts: false);
        for (int i = 0; i < images.Length; i++) names.Add(new NamedImage(images[i].Name, i + 1, images[i].Id));
        return names;
    }
}
