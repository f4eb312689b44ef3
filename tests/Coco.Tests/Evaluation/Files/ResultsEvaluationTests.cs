using System.Text;
using System.Text.Json.Nodes;
using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Accumulation;
using MaskRcnn.Coco.Evaluation.Files;
using MaskRcnn.Coco.Evaluation.Parts;
using MaskRcnn.Coco.Json;

namespace MaskRcnn.Coco.Tests.Evaluation.Files;

/// <summary>Evaluation in pieces against the evaluation of whole files and the reference's numbers.</summary>
public sealed class ResultsEvaluationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("bbox", IouType.Bbox, 1)]
    [InlineData("bbox", IouType.Bbox, 2)]
    [InlineData("segm", IouType.Segm, 3)]
    [InlineData("segm", IouType.Bbox, 4)]
    [InlineData("keypoints", IouType.Keypoints, 5)]
    public void Shards_with_a_ground_truth_each_accumulate_to_the_evaluation_of_the_whole_files(string name, IouType iouType, int seed)
    {
        (string groundTruthPath, string resultsPath) = GoldenData.Split(name, _folder);
        EvaluationParameters parameters = EvaluationParameters.Default(iouType);
        FileEvaluationReport whole = FileEvaluation.Run(new FileEvaluationOptions { GroundTruthPath = groundTruthPath, ResultsPath = resultsPath, Parameters = parameters, PerImage = true });
        var random = new Random(seed);
        long[] ids = [.. whole.Images.Select(i => i.ImageId)];
        random.Shuffle(ids);

        List<EvaluationPart> parts = [];
        List<ImageRow> rows = [];
        for (int start = 0; start < ids.Length;)
        {
            long[] shard = ids[start..Math.Min(ids.Length, start + random.Next(1, 8))];
            start += shard.Length;
            var evaluation = new ResultsEvaluation(Segment(groundTruthPath, shard), [parameters]);
            int middle = random.Next(shard.Length + 1);
            foreach (long[] piece in new[] { shard[..middle], shard[middle..] })
                rows.AddRange(evaluation.Add(piece, Results(resultsPath, piece), "results")[0]);
            parts.Add(Part(evaluation, 0));
        }

        EvaluationResult result = Accumulator.Accumulate(parts);
        Assert.Equal(whole.Result.Precision, result.Precision);
        Assert.Equal(whole.Result.Recall, result.Recall);
        Assert.Equal(whole.Result.Scores, result.Scores);
        Assert.Equal(whole.Summary.Lines, EvaluationSummary.Of(result).Lines);
        if (name == "bbox" || iouType != IouType.Bbox) Assert.Equal(GoldenData.Statistics(name), EvaluationSummary.Of(result).Lines.Select(l => l.Value));
        Assert.Equal(whole.Images, rows.OrderBy(r => r.ImageId));
    }

    [Fact]
    public void Several_types_are_evaluated_at_once_and_many_shards_against_one_ground_truth()
    {
        (string groundTruthPath, string resultsPath) = GoldenData.Split("segm", _folder);
        ParsedGroundTruth groundTruth = ParsedGroundTruth.Read(File.ReadAllBytes(groundTruthPath), "gt");
        long[] ids = GoldenData.FirstImages("segm", 7);
        EvaluationParameters[] parameters = [EvaluationParameters.Default(IouType.Bbox), EvaluationParameters.Default(IouType.Segm)];
        List<EvaluationPart>[] parts = [[], []];
        foreach (long[] shard in new[] { ids[..3], ids[3..] })
        {
            var evaluation = new ResultsEvaluation(groundTruth, parameters);
            Assert.Equal(2, evaluation.Add(shard, Results(resultsPath, shard), "results").Count);
            for (int p = 0; p < 2; p++) parts[p].Add(Part(evaluation, p));
        }
        Assert.Equal(GoldenData.Statistics("segm", "first7images"), EvaluationSummary.Of(Accumulator.Accumulate(parts[1])).Lines.Select(l => l.Value));
        FileEvaluationReport bbox = FileEvaluation.Run(new FileEvaluationOptions { GroundTruthPath = groundTruthPath, ResultsPath = resultsPath, Parameters = parameters[0], ImageIds = ids });
        Assert.Equal(bbox.Summary.Lines, EvaluationSummary.Of(Accumulator.Accumulate(parts[0])).Lines);
    }

    [Fact]
    public void Images_without_results_are_missed_objects()
    {
        ParsedGroundTruth groundTruth = ParsedGroundTruth.Read(Utf8(EvaluationFiles.DataSet($$"""{"id": 1, "image_id": 2, "category_id": 1, "iscrowd": 0, "area": 400, {{EvaluationFiles.Square}}}""")), "gt");
        var evaluation = new ResultsEvaluation(groundTruth, [EvaluationParameters.Default(IouType.Segm)], [1]);
        Assert.Equal([new ImageRow(2, "b.png", 0, 1, 0)], evaluation.Add([2], Utf8("[]"), "results")[0]);
        Assert.Equal([2L], Part(evaluation, 0).ImageIds);
    }

    [Fact]
    public void What_does_not_fit_the_ground_truth_is_an_error_that_names_it()
    {
        ParsedGroundTruth groundTruth = ParsedGroundTruth.Read(Utf8(EvaluationFiles.DataSet()), "gt");
        EvaluationParameters[] parameters = [EvaluationParameters.Default(IouType.Bbox)];
        var evaluation = new ResultsEvaluation(groundTruth, parameters);
        Assert.Contains("777", Assert.Throws<ArgumentException>(() => new ResultsEvaluation(groundTruth, parameters, [1, 777])).Message, StringComparison.Ordinal);
        Assert.Contains("image 777", Assert.Throws<ArgumentException>(() => evaluation.Add([777], Utf8("[]"), "results")).Message.Replace("image id", "image", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => evaluation.Add([1, 1], Utf8("[]"), "results"));
        Assert.Contains("image_id 777", Assert.Throws<CocoFormatException>(() => evaluation.Add([1], Utf8("""[{"image_id": 777, "category_id": 1, "score": 1, "bbox": [0, 0, 1, 1]}]"""), "results")).Message, StringComparison.Ordinal);
        Assert.Contains("results", Assert.Throws<CocoFormatException>(() => evaluation.Add([1], Utf8("[{]"), "results")).Message, StringComparison.Ordinal);
        Assert.Contains("gt", Assert.Throws<CocoFormatException>(() => ParsedGroundTruth.Read(Utf8("{"), "gt")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("[1]")]
    [InlineData("""[{"image_id": 1, "category_id": 1}, {"image_id": "x", "category_id": 1}""")]
    [InlineData("""[{"image_id": 1, "category_id": 1}, {"image_id": "x", "category_id": 1}, 5]""")]
    [InlineData("""[{"image_id": 1, "category_id": 1}] x""")]
    [InlineData("{}")]
    public void Parsing_on_the_calling_thread_gives_the_errors_of_parsing_in_parallel(string text)
    {
        byte[] bytes = Utf8(text);
        string parallel = Assert.Throws<CocoFormatException>(() => ResultsFile.Read(JsonSource.Memory("f", bytes), default)).Message;
        Assert.Equal(parallel, Assert.Throws<CocoFormatException>(() => ResultsFile.Read(JsonSource.Here("f", bytes), default)).Message);
    }

    [Fact]
    public void Large_texts_are_parsed_whole_on_the_calling_thread()
    {
        string text = "[" + string.Join(",", Enumerable.Range(0, 20_000).Select(i => $$"""{"image_id": {{i}}, "category_id": 1, "score": 0.5, "bbox": [0, 0, 1, 1]}""")) + "]";
        ReadOnlyMemory<byte> within = Utf8("xx" + text).AsMemory(2);
        AnnotationTable table = ResultsFile.Read(JsonSource.Here("f", within), default).Detections;
        Assert.Equal(Enumerable.Range(0, 20_000).Select(i => (long)i), table.Places().Select(p => table.Row(p).ImageId));
    }

    /// <summary>A COCO file of some images, as the lister writes it.</summary>
    private static ParsedGroundTruth Segment(string path, long[] images)
    {
        JsonNode file = JsonNode.Parse(File.ReadAllText(path))!;
        Keep(file["images"]!.AsArray(), "id", images);
        Keep(file["annotations"]!.AsArray(), "image_id", images);
        return ParsedGroundTruth.Read(Utf8(file.ToJsonString()), "segment");
    }

    private static byte[] Results(string path, long[] images)
    {
        JsonArray results = JsonNode.Parse(File.ReadAllText(path))!.AsArray();
        Keep(results, "image_id", images);
        return Utf8(results.ToJsonString());
    }

    private static void Keep(JsonArray array, string key, long[] ids)
    {
        for (int i = array.Count - 1; i >= 0; i--)
        {
            if (!ids.Contains(array[i]![key]!.GetValue<long>())) array.RemoveAt(i);
        }
    }

    private static EvaluationPart Part(ResultsEvaluation evaluation, int index)
    {
        var stream = new MemoryStream();
        evaluation.WriteTo(index, stream);
        return EvaluationPart.Open(PartData.FromMemory(stream.ToArray()));
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
