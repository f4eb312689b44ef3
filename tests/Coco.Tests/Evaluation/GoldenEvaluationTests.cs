using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Accumulation;
using MaskRcnn.Coco.Evaluation.Files;

namespace MaskRcnn.Coco.Tests.Evaluation;

/// <summary>Whole evaluations against pycocotools 2.0.11, to the last bit.</summary>
public sealed class GoldenEvaluationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("bbox", IouType.Bbox)]
    [InlineData("segm", IouType.Segm)]
    [InlineData("keypoints", IouType.Keypoints)]
    public void Statistics_lines_and_arrays_are_the_references_to_the_last_bit(string name, IouType iouType)
    {
        FileEvaluationReport report = Run(name, EvaluationParameters.Default(iouType));

        Dictionary<string, double[]> arrays = GoldenData.Arrays(name);
        Assert.Equal(GoldenData.Statistics(name), report.Summary.Lines.Select(l => l.Value));
        Assert.Equal(GoldenData.Expected.GetProperty(name).GetProperty("lines").EnumerateArray().Select(l => l.GetString()), report.Summary.Lines.Select(l => l.ToString()));
        Assert.Equal(arrays["precision"], report.Result.Precision);
        Assert.Equal(arrays["recall"], report.Result.Recall);
        Assert.Equal(arrays["scores"], report.Result.Scores);
    }

    [Theory]
    [InlineData("bbox", IouType.Bbox)]
    [InlineData("segm", IouType.Segm)]
    [InlineData("keypoints", IouType.Keypoints)]
    public void Each_class_has_the_references_AP(string name, IouType iouType)
    {
        FileEvaluationReport report = Run(name, EvaluationParameters.Default(iouType));

        Dictionary<long, double> expected = GoldenData.Expected.GetProperty(name).GetProperty("per_category_AP").EnumerateObject()
            .ToDictionary(p => long.Parse(p.Name, System.Globalization.CultureInfo.InvariantCulture), p => p.Value.GetDouble());
        Assert.Equal(expected.Keys.Order(), report.Result.CategoryIds);
        for (int k = 0; k < report.Result.ClassCount; k++)
            Assert.Equal(expected[report.Result.CategoryIds[k]], EvaluationSummary.OfClass(report.Result, k).AveragePrecision, 1e-15);
    }

    [Theory]
    [InlineData("bbox", IouType.Bbox)]
    [InlineData("segm", IouType.Segm)]
    public void Without_categories_the_numbers_are_the_references(string name, IouType iouType)
    {
        FileEvaluationReport report = Run(name, EvaluationParameters.Default(iouType) with { ClassAgnostic = true });
        Assert.Equal(GoldenData.Statistics(name, "useCats0"), report.Summary.Lines.Select(l => l.Value));
    }

    [Theory]
    [InlineData("bbox", IouType.Bbox)]
    [InlineData("segm", IouType.Segm)]
    public void With_other_limits_the_numbers_are_the_references_AP_of_minus_1_included(string name, IouType iouType)
    {
        FileEvaluationReport report = Run(name, EvaluationParameters.Default(iouType) with { MaxDetections = [1, 10, 300] });
        Assert.Equal(GoldenData.Statistics(name, "maxDets_1_10_300"), report.Summary.Lines.Select(l => l.Value));
        Assert.Contains(report.Warnings, w => w.Contains("--max-dets", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bbox", IouType.Bbox)]
    [InlineData("segm", IouType.Segm)]
    [InlineData("keypoints", IouType.Keypoints)]
    public void On_the_first_seven_images_the_numbers_are_the_references(string name, IouType iouType)
    {
        FileEvaluationReport report = Run(name, EvaluationParameters.Default(iouType), imageIds: GoldenData.FirstImages(name, 7));
        Assert.Equal(GoldenData.Statistics(name, "first7images"), report.Summary.Lines.Select(l => l.Value));
    }

    [Theory]
    [InlineData("bbox", IouType.Bbox)]
    [InlineData("segm", IouType.Segm)]
    [InlineData("keypoints", IouType.Keypoints)]
    public void Without_objects_everything_is_minus_1_as_in_the_reference(string name, IouType iouType)
    {
        (string groundTruth, string results) = GoldenData.Split(name, _folder, withObjects: false);
        var options = new FileEvaluationOptions { GroundTruthPath = groundTruth, ResultsPath = results, Parameters = EvaluationParameters.Default(iouType) };
        Assert.Equal(GoldenData.Statistics(name, "no_gt"), FileEvaluation.Run(options).Summary.Lines.Select(l => l.Value));
    }

    private FileEvaluationReport Run(string name, EvaluationParameters parameters, long[]? imageIds = null)
    {
        (string groundTruth, string results) = GoldenData.Split(name, _folder);
        return FileEvaluation.Run(new FileEvaluationOptions { GroundTruthPath = groundTruth, ResultsPath = results, Parameters = parameters, ImageIds = imageIds });
    }
}
