using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Tests.Golden;
using MaskRcnn.Detection.Training.Targets;

namespace MaskRcnn.Detection.Tests.Training.Targets;

/// <summary>Boxes belong to the objects that torchvision gives them.</summary>
public sealed class MatcherTests
{
    [Theory]
    [InlineData("rpn", 0.7, 0.3, true)]
    [InlineData("box", 0.5, 0.5, false)]
    public void Boxes_are_matched_as_by_torchvision(string name, double foreground, double background, bool everyObject)
    {
        using GoldenFile golden = new("ops");
        int[] shape = golden.Shape("matcher.q");
        float[] overlaps = golden.Floats("matcher.q");
        int[] matches = new Matcher(foreground, background, everyObject).Match(shape[0], shape[1], (o, i) => overlaps[o * shape[1] + i]);
        Assert.Equal(golden.Integers($"matcher.{name}"), matches.Select(match => (long)match));
    }

    [Fact]
    public void Without_objects_everything_is_background()
    {
        Assert.Equal([Matcher.Background, Matcher.Background], new Matcher(0.7, 0.3, everyObject: true).Match([], [new Box(0, 0, 1, 1), new Box(3, 3, 5, 5)]));
    }

    [Fact]
    public void An_object_that_overlaps_little_still_gets_its_best_box()
    {
        Box[] boxes = [new(0, 0, 10, 10), new(8, 0, 18, 10), new(40, 40, 50, 50)];
        // IoU 1/19 with the first, 1/3 with the second box.
        Assert.Equal([Matcher.Background, 0, Matcher.Background], new Matcher(0.7, 0.4, everyObject: true).Match([new Box(13, 0, 23, 10)], boxes));
        Assert.Equal([Matcher.Background, Matcher.Background, Matcher.Background], new Matcher(0.7, 0.4, everyObject: false).Match([new Box(13, 0, 23, 10)], boxes));
    }

    [Fact]
    public void Many_boxes_are_matched_as_few_are()
    {
        Random random = new(1);
        Box[] objects = [.. Enumerable.Range(0, 20).Select(_ => RandomBox())], boxes = [.. Enumerable.Range(0, 20_000).Select(_ => RandomBox())];
        Matcher matcher = new(0.7, 0.3, everyObject: false);
        int[] together = matcher.Match(objects, boxes);
        int[] alone = [.. boxes.Select(box => matcher.Match(objects, [box])[0])];
        Assert.Equal(alone, together);

        Box RandomBox()
        {
            (float x, float y) = (random.NextSingle() * 100, random.NextSingle() * 100);
            return new Box(x, y, x + 1 + random.NextSingle() * 40, y + 1 + random.NextSingle() * 40);
        }
    }
}
