using CsCheck;
using MaskRcnn.Client.Predict;
using SkiaSharp;

namespace MaskRcnn.Client.Tests.Predict;

public sealed class TagLayoutTests
{
    [Fact]
    public void A_tag_stands_on_its_box_and_inside_the_image()
    {
        var layout = new TagLayout(100, 100);
        Assert.Equal(SKRect.Create(20, 30, 25, 10), layout.Place(new SKRect(20, 40, 60, 80), new SKSize(25, 10), 0));
        Assert.Equal(SKRect.Create(75, 0, 25, 10), layout.Place(new SKRect(90, 3, 99, 9), new SKSize(25, 10), 0));
    }

    [Fact]
    public void A_second_tag_moves_out_of_the_way_and_one_without_room_is_left_out()
    {
        var layout = new TagLayout(100, 100);
        var box = new SKRect(20, 40, 60, 80);
        SKRect[] places = [.. Enumerable.Range(0, 5).Select(_ => layout.Place(box, new SKSize(40, 10), 0)!.Value)];
        Assert.Equal(5, places.Select(place => place.Top).Distinct().Count());
        Assert.Null(layout.Place(box, new SKSize(40, 10), .5));
        Assert.NotNull(layout.Place(box, new SKSize(40, 10), 1));
    }

    [Fact]
    public void No_tag_lies_outside_or_over_another_by_more_than_is_allowed()
    {
        Gen.Select(Gen.Float[0, 200], Gen.Float[0, 150], Gen.Float[1, 60], Gen.Float[1, 60]).Array[1, 40].Sample(boxes =>
        {
            var layout = new TagLayout(200, 150);
            List<SKRect> placed = [];
            foreach ((float x, float y, float width, float height) in boxes)
            {
                if (layout.Place(SKRect.Create(x, y, width, height), new SKSize(30, 10), 0) is not { } place) continue;
                Assert.True(place is { Left: >= 0, Top: >= 0, Right: <= 200, Bottom: <= 150 });
                Assert.DoesNotContain(placed, other => SKRect.Intersect(other, place) is { Width: > .01f, Height: > .01f });
                placed.Add(place);
            }
        }, iter: 300);
    }
}
