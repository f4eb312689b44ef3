using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Files;

namespace MaskRcnn.Coco.Tests.Evaluation.Files;

/// <summary>Where pycocotools surprises: its number and a warning by default, the expected number on request.</summary>
public sealed class KnownTrapTests : IDisposable
{
    private const string Match = $$"""[{"image_id": 1, "category_id": 1, "score": 0.9, {{EvaluationFiles.Square}}}]""";

    private static readonly EvaluationParameters Bbox = EvaluationParameters.Default(IouType.Bbox);
    private static readonly EvaluationParameters Segm = EvaluationParameters.Default(IouType.Segm);

    private readonly EvaluationFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_perfect_detection_of_an_object_of_id_0_has_AP_0_and_a_warning()
    {
        string groundTruth = EvaluationFiles.DataSet($$"""{"id": 0, "image_id": 1, "category_id": 1, "iscrowd": 0, "area": 400, {{EvaluationFiles.Square}}}""");
        FileEvaluationReport trapped = _files.Run(groundTruth, Match), repaired = _files.Run(groundTruth, Match, Bbox with { FixKnownTraps = true });
        Assert.Equal(0, trapped.Summary.AveragePrecision);
        Assert.Contains(trapped.Warnings, w => w.Contains("id 0", StringComparison.Ordinal));
        Assert.Equal(1, repaired.Summary.AveragePrecision, 1e-12);
        Assert.Empty(repaired.Warnings);
    }

    [Fact]
    public void AP_is_minus_1_without_a_limit_of_100_and_at_the_last_limit_when_repaired()
    {
        string groundTruth = EvaluationFiles.DataSet($$"""{"id": 1, "image_id": 1, "category_id": 1, "iscrowd": 0, "area": 400, {{EvaluationFiles.Square}}}""");
        FileEvaluationReport trapped = _files.Run(groundTruth, Match, Bbox with { MaxDetections = [1, 10, 500] });
        FileEvaluationReport repaired = _files.Run(groundTruth, Match, Bbox with { MaxDetections = [1, 10, 500], FixKnownTraps = true });
        Assert.Equal(-1, trapped.Summary.AveragePrecision);
        Assert.Equal(1, repaired.Summary.AveragePrecision, 1e-12);
    }

    [Fact]
    public void Box_areas_decide_the_range_of_masks_that_carry_boxes_and_mask_areas_when_repaired()
    {
        // The box has 36² = 1296 pixels (medium), the triangle in it about half (small), as the object does.
        const string Triangle = """ "bbox": [2, 2, 36, 36], "segmentation": [[2, 2, 2, 38, 38, 38]] """;
        string groundTruth = EvaluationFiles.DataSet($$"""{"id": 1, "image_id": 1, "category_id": 1, "iscrowd": 0, "area": 648, {{Triangle}}}""");
        // The second detection matches nothing: whether it is a false alarm among small objects depends on its area.
        string far = """ "bbox": [40, 2, 10, 36], "segmentation": [[40, 2, 40, 38, 50, 38, 50, 2]] """;
        string results = $$"""[{"image_id": 1, "category_id": 1, "score": 0.5, {{Triangle}}}, {"image_id": 2, "category_id": 1, "score": 0.9, {{Triangle}}}, {"image_id": 1, "category_id": 1, "score": 0.8, {{far}}}]""";
        FileEvaluationReport trapped = _files.Run(groundTruth, results, Segm), repaired = _files.Run(groundTruth, results, Segm with { FixKnownTraps = true });
        Assert.Equal(1 / 2.0, Small(trapped), 1e-12);
        Assert.Equal(1 / 3.0, Small(repaired), 1e-12);
        Assert.Contains(trapped.Warnings, w => w.Contains("boxes' areas", StringComparison.Ordinal));

        static double Small(FileEvaluationReport report) => report.Summary.Lines.Single(l => l.Key == "APs").Value;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_detections_AP_and_AR_are_0_where_there_are_objects_and_minus_1_elsewhere(bool repaired)
    {
        string groundTruth = EvaluationFiles.DataSet($$"""{"id": 1, "image_id": 1, "category_id": 1, "iscrowd": 0, "area": 400, {{EvaluationFiles.Square}}}""");
        foreach (EvaluationParameters parameters in new[] { Bbox, Segm })
        {
            FileEvaluationReport report = _files.Run(groundTruth, "[]", parameters with { FixKnownTraps = repaired });
            Dictionary<string, double> lines = report.Summary.Lines.ToDictionary(l => l.Key, l => l.Value);
            foreach (string key in new[] { "AP", "AP50", "APs", "AR1", "AR100", "ARs" }) Assert.Equal(0, lines[key]);
            foreach (string key in new[] { "APm", "APl", "ARm", "ARl" }) Assert.Equal(-1, lines[key]);
        }
    }

    [Fact]
    public void A_missing_iscrowd_is_0_and_a_missing_area_is_the_masks_and_both_are_warned_of()
    {
        string groundTruth = EvaluationFiles.DataSet($$"""{"id": 1, "image_id": 1, "category_id": 1, {{EvaluationFiles.Square}}}""", """{"id": 2, "image_id": 2, "category_id": 3, "bbox": [0, 0, 40, 40]}""");
        FileEvaluationReport report = _files.Run(groundTruth, Match);
        Assert.Contains(report.Warnings, w => w.Contains("2 annotations have no \"iscrowd\"", StringComparison.Ordinal));
        Assert.Contains(report.Warnings, w => w.Contains("2 annotations have no \"area\"", StringComparison.Ordinal));
        Assert.Equal([1, 1, 0, 0, 1, 0, 1, 0], report.Result.ObjectCounts); // category 1: all, small; category 3: all, medium
    }

    [Fact]
    public void Detections_of_unknown_categories_are_ignored_counted_and_warned_of()
    {
        string groundTruth = EvaluationFiles.DataSet($$"""{"id": 1, "image_id": 1, "category_id": 1, "iscrowd": 0, "area": 400, {{EvaluationFiles.Square}}}""");
        string results = Match[..^1] + """, {"image_id": 1, "category_id": 77, "score": 0.95, "bbox": [0, 0, 5, 5]}]""";
        FileEvaluationReport report = _files.Run(groundTruth, results);
        Assert.Equal(1, report.Summary.AveragePrecision, 1e-12);
        Assert.Contains(report.Warnings, w => w.Contains("1 detections are of categories that the ground truth does not have (77)", StringComparison.Ordinal));
    }
}
