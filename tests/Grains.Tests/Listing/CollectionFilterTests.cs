using MaskRcnn.Grains.Listing;

namespace MaskRcnn.Grains.Tests.Listing;

public sealed class CollectionFilterTests
{
    [Theory]
    [InlineData(null, "a.png", true)]
    [InlineData(null, "x/y/A.JPEG", true)]
    [InlineData(null, "a.txt", false)]
    [InlineData(null, "png", false)]
    [InlineData(null, "x/.hidden.png", false)]
    [InlineData(null, ".cache/a.png", false)]
    [InlineData("*.png", "a.png", true)]
    [InlineData("*.png", "x/a.png", false)]
    [InlineData("**/*.png", "a.png", true)]
    [InlineData("**/*.png", "x/y/a.png", true)]
    [InlineData("**/*.png", "x/.y/a.png", false)]
    [InlineData("**/*.png", "x/.a.png", false)]
    [InlineData("**/.y/*", "x/.y/a.png", true)]
    [InlineData("x/**", "x/y/scan-0001", true)]
    [InlineData("x/**", "x/.y/scan-0001", false)]
    [InlineData("x/", "x/a", true)]
    [InlineData("x/", "x/y/a", false)]
    [InlineData("x/a.png", "x/a.png", true)]
    [InlineData("a?.png", "a1.png", true)]
    [InlineData("a?.png", "a12.png", false)]
    [InlineData("*.PNG", "a.png", false)]
    [InlineData("a\\*", "a\\b", true)]
    public void Names_are_images_or_not(string? pattern, string name, bool image) => Assert.Equal(image, new CollectionFilter(pattern).Includes(name));

    [Theory]
    [InlineData("")]
    [InlineData("/x/*")]
    [InlineData("x//y")]
    [InlineData("x/../*")]
    public void A_pattern_that_cannot_match_is_refused(string pattern) =>
        Assert.Contains("expected", Assert.Throws<FormatException>(() => new CollectionFilter(pattern)).Message, StringComparison.Ordinal);
}
