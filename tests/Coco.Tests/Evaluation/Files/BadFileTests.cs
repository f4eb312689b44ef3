using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Json;

namespace MaskRcnn.Coco.Tests.Evaluation.Files;

/// <summary>Files that cannot be evaluated end in an error that names the file, the place, what was found and what was expected.</summary>
public sealed class BadFileTests : IDisposable
{
    private const string Object = $$"""{"id": 1, "image_id": 1, "category_id": 1, "iscrowd": 0, "area": 400, {{EvaluationFiles.Square}}}""";
    private const string Result = """{"image_id": 1, "category_id": 1, "score": 0.9, "bbox": [10, 10, 20, 20]}""";

    private readonly EvaluationFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("""{"image_id": 9, "category_id": 1, "score": 0.9, "bbox": [1, 1, 2, 2]}""", "image_id 9; expected an image of")]
    [InlineData("""{"image_id": 1, "category_id": 1, "bbox": [1, 1, 2, 2]}""", "a result without \"score\"; expected a number")]
    [InlineData("""{"image_id": 1, "category_id": 1, "score": 0.9}""", "without \"bbox\", \"segmentation\" and \"keypoints\"; expected one of them")]
    [InlineData("""{"image_id": 1, "category_id": 1, "score": NaN, "bbox": [1, 1, 2, 2]}""", "NaN or Infinity; expected a finite number")]
    [InlineData("""{"image_id": 1, "category_id": 1, "score": 1e999, "bbox": [1, 1, 2, 2]}""", "\"score\" is 1e999; expected a finite number")]
    public void A_bad_result_is_named(string result, string expected)
    {
        CocoFormatException exception = Assert.Throws<CocoFormatException>(() => _files.Run(EvaluationFiles.DataSet(Object), $"[\n{result}]"));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.StartsWith($"{_files.ResultsPath}: line 2, byte ", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"size": [40, 60], "counts": "0"}""", "runs sum to 0; expected 2400 for size [40, 60]")]
    [InlineData("""{"size": [41, 60], "counts": [2460]}""", "RLE size is [41, 60]; expected the image's [40, 60]")]
    [InlineData("""{"size": [40, 60], "counts": "~~~"}""", "RLE string has byte 126 at character 0")]
    public void A_mask_of_the_wrong_size_or_form_is_named(string segmentation, string expected)
    {
        string result = $$"""[{"image_id": 1, "category_id": 1, "score": 0.9, "segmentation": {{segmentation}}}]""";
        CocoFormatException exception = Assert.Throws<CocoFormatException>(() => _files.Run(EvaluationFiles.DataSet(Object), result, EvaluationParameters.Default(IouType.Segm)));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        string annotation = $$"""{"id": 77, "image_id": 2, "category_id": 1, "iscrowd": 0, "area": 4, "segmentation": {{segmentation}}}""";
        exception = Assert.Throws<CocoFormatException>(() => _files.Run(EvaluationFiles.DataSet(Object, annotation), "[]", EvaluationParameters.Default(IouType.Segm)));
        Assert.Contains("annotation 77: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_broken_references_are_listed_up_to_twenty_and_then_counted()
    {
        string[] broken = [.. Enumerable.Range(1, 25).Select(i => $$"""{"id": {{i}}, "image_id": {{100 + i}}, "category_id": 1, "iscrowd": 0, "area": 4, "bbox": [1, 1, 2, 2]}""")];
        CocoFormatException exception = Assert.Throws<CocoFormatException>(() => _files.Run(EvaluationFiles.DataSet(broken), "[]"));
        Assert.Contains("25 broken references", exception.Message, StringComparison.Ordinal);
        Assert.Contains("annotation 20, byte", exception.Message, StringComparison.Ordinal);
        Assert.Contains("image_id 120; expected an image of the file", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("image_id 121", exception.Message, StringComparison.Ordinal);
        Assert.Contains("and 5 more", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_repeated_annotation_id_is_an_error()
    {
        CocoFormatException exception = Assert.Throws<CocoFormatException>(() => _files.Run(EvaluationFiles.DataSet(Object, Object), "[]"));
        Assert.Contains("annotation 1: its id a second time; expected ids to be unique", exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, exception.AnnotationId);
    }

    [Theory]
    [InlineData("[]", "[]", "an object with \"images\"")]
    [InlineData("{}", "[]", "data set: an object with \"images\"")]
    [InlineData("", "[]", "an empty file")]
    [InlineData("{\"images\": [", "[]", "the end of the file")]
    public void A_file_of_another_kind_is_named(string groundTruth, string results, string expected)
    {
        CocoFormatException exception = Assert.Throws<CocoFormatException>(() => _files.Run(groundTruth, results));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        exception = Assert.Throws<CocoFormatException>(() => _files.Run(EvaluationFiles.DataSet(Object), EvaluationFiles.DataSet(Object)));
        Assert.Contains("an array of results", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_number_of_keypoints_is_named_with_the_number_expected()
    {
        string annotation = """{"id": 1, "image_id": 1, "category_id": 1, "iscrowd": 0, "area": 400, "bbox": [1, 1, 9, 9], "num_keypoints": 2, "keypoints": [1, 1, 2, 5, 5, 2]}""";
        CocoFormatException exception = Assert.Throws<CocoFormatException>(() => _files.Run(EvaluationFiles.DataSet(annotation), "[]", EvaluationParameters.Default(IouType.Keypoints)));
        Assert.Contains("\"keypoints\" with 6 numbers; expected 51", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_several_errors_the_first_in_the_file_is_reported_every_time()
    {
        string[] bad = [.. Enumerable.Range(0, 500).Select(i => $$"""{"image_id": {{1 + i % 2}}, "category_id": 1, "score": 0.9, "segmentation": {"size": [40, 60], "counts": [{{i}}] } }""")];
        for (int i = 0; i < 5; i++)
        {
            CocoFormatException exception = Assert.Throws<CocoFormatException>(() => _files.Run(EvaluationFiles.DataSet(Object), $"[{string.Join(",\n", bad)}]", EvaluationParameters.Default(IouType.Segm)));
            Assert.Contains("runs sum to 0;", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Unknown_images_and_categories_to_evaluate_are_named()
    {
        _files.Run(EvaluationFiles.DataSet(Object), $"[{Result}]");
        var options = new MaskRcnn.Coco.Evaluation.Files.FileEvaluationOptions { GroundTruthPath = _files.GroundTruthPath, ResultsPath = _files.ResultsPath, Parameters = EvaluationParameters.Default(IouType.Bbox) };
        Assert.Contains("Unknown image ids: 5", Assert.Throws<ArgumentException>(() => MaskRcnn.Coco.Evaluation.Files.FileEvaluation.Run(options with { ImageIds = [1, 5] })).Message, StringComparison.Ordinal);
        Assert.Contains("Unknown category ids: 2", Assert.Throws<ArgumentException>(() => MaskRcnn.Coco.Evaluation.Files.FileEvaluation.Run(options with { CategoryIds = [2] })).Message, StringComparison.Ordinal);
    }
}
