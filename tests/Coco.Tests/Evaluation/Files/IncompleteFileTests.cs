using System.Text.Json.Nodes;
using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Files;
using MaskRcnn.Coco.Json;

namespace MaskRcnn.Coco.Tests.Evaluation.Files;

/// <summary>Files that lack what the IoU type does not need are evaluated, as pycocotools evaluates them.</summary>
public sealed class IncompleteFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Keypoint_results_have_the_boxes_of_their_extent_with_the_references_numbers()
    {
        // Made with pycocotools 2.0.11 from coco_keypoints.json as bbox.
        double[] expected =
        [
            0.13596021998946828, 0.25724023349517355, 0.13572615436351182, 0.09865120945018102, 0.16332633027666194, 0.5822960867515323,
            0.1338709677419355, 0.4064516129032258, 0.4758064516129033, 0.391304347826087, 0.5055555555555555, 0.7666666666666666,
        ];
        (string groundTruth, string results) = GoldenData.Split("keypoints", _folder);
        Assert.Equal(expected, Run(groundTruth, results, IouType.Bbox).Summary.Lines.Select(l => l.Value));
    }

    [Fact]
    public void Boxes_are_evaluated_without_the_images_sizes_and_masks_are_refused()
    {
        (string groundTruth, string results) = GoldenData.Split("bbox", _folder);
        WithoutSizes(groundTruth);
        Assert.Equal(GoldenData.Statistics("bbox"), Run(groundTruth, results, IouType.Bbox).Summary.Lines.Select(l => l.Value));

        (groundTruth, results) = GoldenData.Split("segm", _folder);
        WithoutSizes(groundTruth);
        CocoFormatException exception = Assert.Throws<CocoFormatException>(() => Run(groundTruth, results, IouType.Segm));
        Assert.Contains("for which the data set has no \"height\" and \"width\"; expected the image's size", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Boxes_are_evaluated_as_masks_by_drawing_them()
    {
        // A box's mask is its pixels; on whole numbers, mask IoU is box IoU.
        using var files = new EvaluationFiles();
        string groundTruth = EvaluationFiles.DataSet($$"""{"id": 1, "image_id": 1, "category_id": 1, "iscrowd": 0, "area": 400, {{EvaluationFiles.Square}}}""");
        const string Results = """[{"image_id": 1, "category_id": 1, "score": 0.9, "bbox": [10, 10, 20, 14]}]""";
        FileEvaluationReport masks = files.Run(groundTruth, Results, EvaluationParameters.Default(IouType.Segm));
        FileEvaluationReport boxes = files.Run(groundTruth, Results, EvaluationParameters.Default(IouType.Bbox));
        Assert.Equal(boxes.Result.Precision, masks.Result.Precision);
        Assert.Equal(.5, masks.Summary.AveragePrecision, 1e-12); // IoU 0.7: 0.50, 0.55, 0.60, 0.65 and 0.70 of ten
    }

    private static void WithoutSizes(string path)
    {
        JsonNode dataset = JsonNode.Parse(File.ReadAllBytes(path))!;
        foreach (JsonNode? image in dataset["images"]!.AsArray())
        {
            image!.AsObject().Remove("height");
            image.AsObject().Remove("width");
        }
        File.WriteAllText(path, dataset.ToJsonString());
    }

    private static FileEvaluationReport Run(string groundTruth, string results, IouType iouType) =>
        FileEvaluation.Run(new FileEvaluationOptions { GroundTruthPath = groundTruth, ResultsPath = results, Parameters = EvaluationParameters.Default(iouType) });
}
