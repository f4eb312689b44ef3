using MaskRcnn.Coco.Datasets;
using MaskRcnn.Grains.Listing;

namespace MaskRcnn.Grains.Tests.Listing;

public sealed class AnnotatedNamesTests
{
    private readonly AnnotatedNames _names = new([Image(1, "a/1.png"), Image(2, "b/1.png"), Image(3, "c/3.png"), Image(4, "4.png")]);

    [Fact]
    public void Images_are_found_by_path_then_by_a_unique_last_part()
    {
        Assert.Equal(new NameMatch(1, MatchKind.Path), _names.Take("a/1.png"));
        Assert.Equal(new NameMatch(3, MatchKind.BaseName), _names.Take("x/y/3.png"));
        Assert.Equal(new NameMatch(4, MatchKind.BaseName), _names.Take("z/4.png"));
        // Two files of the ground truth have this last part.
        Assert.Equal(new NameMatch(null, MatchKind.None), _names.Take("z/1.png"));
        Assert.Equal(new NameMatch(null, MatchKind.None), _names.Take("5.png"));
        Assert.Equal(["b/1.png"], _names.Missing());
        Assert.Equal(1, _names.MissingCount);
    }

    [Fact]
    public void The_first_image_takes_the_annotations()
    {
        Assert.Equal(3, _names.Take("a/3.png").Id);
        Assert.Equal(new NameMatch(null, MatchKind.Duplicate), _names.Take("c/3.png"));
        Assert.Equal(["4.png", "a/1.png", "b/1.png"], _names.Missing());
    }

    private static CocoImage Image(long id, string name) => new() { Id = id, FileName = name, Height = 1, Width = 1 };
}
