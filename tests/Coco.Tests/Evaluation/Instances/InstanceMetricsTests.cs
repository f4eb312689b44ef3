using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Accumulation;
using MaskRcnn.Coco.Evaluation.Instances;
using MaskRcnn.Coco.Evaluation.Matching;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Tests.Evaluation.Instances;

public sealed class InstanceMetricsTests
{
    private static readonly BoundingBox Square = new(0, 0, 10, 10);

    [Fact]
    public void A_detection_counts_up_to_the_threshold_that_it_reaches()
    {
        // 10×10 against 10×8: IoU 0.8.
        InstanceScores scores = Score(new Problem.Image(1, [Object(Square)], [Detection(new BoundingBox(0, 0, 10, 8))]));
        foreach (InstanceScore score in scores.Scores)
        {
            bool reached = score.Iou <= .8;
            Assert.Equal((reached ? 1L : 0, reached ? 0L : 1, reached ? 0L : 1), (score.TruePositives, score.FalsePositives, score.FalseNegatives));
            Assert.Equal(reached ? 1 : 0, score.MeanOverImages);
        }
        Assert.Equal(.7, scores.DsbScore, 1e-15);
    }

    [Fact]
    public void The_data_set_pools_counts_and_the_mean_does_not()
    {
        InstanceScore half = Score(
            new Problem.Image(1, [Object(Square), Object(Far(1)), Object(Far(2))], [Detection(Square)]),
            new Problem.Image(2, [Object(Square)], [Detection(Square)])).Scores[0];
        Assert.Equal(2 / 4.0, half.Score);
        Assert.Equal((1 / 3.0 + 1) / 2, half.MeanOverImages, 1e-15);
    }

    [Fact]
    public void An_image_with_neither_objects_nor_detections_counts_1()
    {
        InstanceScore half = Score(new Problem.Image(1, [], []), new Problem.Image(2, [Object(Square)], [])).Scores[0];
        Assert.Equal(.5, half.MeanOverImages);
        Assert.Equal(0, half.Score);
    }

    [Fact]
    public void A_detection_that_matches_only_a_crowd_is_no_false_alarm()
    {
        var inside = new BoundingBox(2, 2, 3, 3);
        InstanceScore half = Score(new Problem.Image(1, [Object(Square) with { IsCrowd = true }], [Detection(inside), Detection(inside), Detection(Far(1))])).Scores[0];
        Assert.Equal((0L, 1L, 0L), (half.TruePositives, half.FalsePositives, half.FalseNegatives));
    }

    [Fact]
    public void Detections_below_the_score_do_not_count_and_the_limit_on_detections_plays_no_role()
    {
        Detection[] detections = [.. Enumerable.Range(0, 150).Select(i => Detection(Far(i), score: i < 120 ? .5 : .49))];
        GroundTruth[] objects = [.. Enumerable.Range(0, 150).Select(i => Object(Far(i)) with { Id = i + 1 })];
        InstanceScore half = Score(new Problem.Image(1, objects, detections)).Scores[0];
        Assert.Equal((120L, 0L, 30L), (half.TruePositives, half.FalsePositives, half.FalseNegatives));
    }

    [Fact]
    public void Categories_are_matched_apart_and_counted_together()
    {
        InstanceScore half = Score(new Problem.Image(1, [Object(Square), Object(Far(1)) with { CategoryId = 5, Id = 2 }],
            [Detection(Square) with { CategoryId = 5 }, Detection(Far(1)) with { CategoryId = 5 }])).Scores[0];
        Assert.Equal((1L, 1L, 1L), (half.TruePositives, half.FalsePositives, half.FalseNegatives));
    }

    [Fact]
    public void Masks_are_compared_by_their_pixels_and_may_overlap()
    {
        // An L and the square around it: boxes are equal, masks are not.
        Rle square = PolygonRasterizer.Rasterize(Square, 20, 20);
        Rle corner = PolygonRasterizer.Rasterize([[0, 0, 0, 10, 3, 10, 3, 3, 10, 3, 10, 0]], 20, 20);
        InstanceScore half = Score(IouType.Segm, new Problem.Image(1, [Object(Square) with { Mask = corner }], [Detection(Square) with { Mask = square }, Detection(Square) with { Mask = corner }])).Scores[0];
        Assert.Equal((1L, 1L, 0L), (half.TruePositives, half.FalsePositives, half.FalseNegatives));
    }

    private static BoundingBox Far(int i) => new(20 * i, 100, 10, 10);

    private static GroundTruth Object(BoundingBox box) => new() { Id = 1, CategoryId = 2, Box = box, Area = box.Area };

    private static Detection Detection(BoundingBox box, double score = .9) => new() { CategoryId = 2, Score = score, Box = box, Area = box.Area };

    private static InstanceScores Score(params Problem.Image[] images) => Score(IouType.Bbox, images);

    private static InstanceScores Score(IouType iouType, params Problem.Image[] images)
    {
        var problem = new Problem(EvaluationParameters.Default(iouType) with { InstanceScoreThreshold = .5 }, [2, 5], images);
        return Accumulator.Accumulate([problem.Part(images)]).Instances!;
    }
}
