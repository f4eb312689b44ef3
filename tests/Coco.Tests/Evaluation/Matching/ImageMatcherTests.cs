using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Matching;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Tests.Evaluation.Matching;

public sealed class ImageMatcherTests
{
    private static readonly BoundingBox Box = new(0, 0, 10, 10);
    private static readonly GroundTruth Object = new() { Id = 1, CategoryId = 1, Box = Box, Area = 100 };
    private static readonly Detection Found = new() { CategoryId = 1, Score = .5, Box = Box, Area = 100 };

    [Fact]
    public void Of_objects_that_overlap_equally_the_later_is_taken()
    {
        // Matching an object of id 0 counts for nothing, which shows which of the two was taken.
        Assert.Equal((0, 2, 1), Matcher().Match(1, [Object, Object with { Id = 0 }], [Found]).Count(0, 0));
        Assert.Equal((1, 1, 0), Matcher().Match(1, [Object with { Id = 0 }, Object], [Found]).Count(0, 0));
    }

    [Fact]
    public void An_object_that_counts_is_taken_before_an_ignored_one_that_overlaps_more()
    {
        // Among small objects the large one is ignored, though its box is the detection's own.
        GroundTruth large = Object with { Id = 2, Area = 2000 };
        GroundTruth near = Object with { Box = new BoundingBox(0, 0, 10, 8) };
        ImageMatches matches = Matcher().Match(1, [large, near], [Found]);
        Assert.Equal((1, 1, 0), matches.Count(areaRange: 0, iouThreshold: 0));
        Assert.Equal((1, 0, 0), matches.Count(areaRange: 1, iouThreshold: 0));
        Assert.Equal(0b0001111111UL, matches.Outcomes[1].TruePositive); // IoU 0.8: thresholds 0.50 to 0.80
    }

    [Fact]
    public void A_crowd_is_matched_by_any_number_of_detections_and_counts_neither_way()
    {
        ImageMatches matches = Matcher().Match(1, [Object with { IsCrowd = true }], [Found, Found, Found]);
        Assert.Equal((0, 0, 0), matches.Count(0, 0));
        Assert.All(matches.Outcomes.Where((_, i) => i % 4 == 0), outcome => Assert.Equal(0x3ffUL, outcome.Ignored));
    }

    [Fact]
    public void A_score_that_is_not_finite_is_named_and_leaves_the_matcher_as_it_was()
    {
        ImageMatcher matcher = Matcher();
        ArgumentException exception = Assert.Throws<ArgumentException>(() => matcher.Match(7, [Object], [Found, Found with { Score = double.NaN }]));
        Assert.Contains("Image 7: detection 1 has the score NaN; expected a finite number", exception.Message, StringComparison.Ordinal);
        Assert.Equal((1, 0, 0), matcher.Match(8, [Object], [Found]).Count(0, 0));
    }

    [Fact]
    public void A_missing_mask_is_named()
    {
        var matcher = new ImageMatcher(EvaluationParameters.Default(IouType.Segm), [1]);
        Assert.Contains("A mask is missing", Assert.Throws<ArgumentException>(() => matcher.Match(1, [Object], [Found])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Categories_that_do_not_ascend_are_refused() =>
        Assert.Contains("Category 3 follows 3", Assert.Throws<ArgumentException>(() => new ImageMatcher(EvaluationParameters.Default(IouType.Bbox), [1, 3, 3])).Message, StringComparison.Ordinal);

    private static ImageMatcher Matcher() => new(EvaluationParameters.Default(IouType.Bbox), [1]);
}
