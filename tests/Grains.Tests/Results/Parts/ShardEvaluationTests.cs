using System.Text;
using System.Text.Json;
using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Accumulation;
using MaskRcnn.Coco.Evaluation.Files;
using MaskRcnn.Coco.Evaluation.Parts;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Results.Parts;
using MaskRcnn.Storage;
using MaskRcnn.Storage.Memory;

namespace MaskRcnn.Grains.Tests.Results.Parts;

/// <summary>Shards with ground truth against one evaluation of two files.</summary>
public sealed class ShardEvaluationTests : IDisposable
{
    private const int Count = 60;

    private readonly string _folder = Directory.CreateTempSubdirectory("maskrcnn-shards-").FullName;
    private readonly MemoryBlobStore _store = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, new[] { 1, 2, 3 })]
    public async Task The_parts_of_random_shards_accumulate_to_the_evaluation_of_whole_files(int seed, int[]? limits)
    {
        JobDocument job = SampleShard.Job(annotations: true, limits: limits);
        var random = new Random(seed);
        EncodedImage[] images = Images(job, random);
        string groundTruth = GroundTruth(images);
        await _store.WriteAsync(JobLayout.GroundTruth(0), Encoding.UTF8.GetBytes(groundTruth), WriteCondition.Absent, "lister", default);
        var segments = new SegmentGroundTruths(_store);
        Assert.Same(await segments.GetAsync(0, default), await segments.GetAsync(0, default));

        List<Dictionary<string, byte[]>> shards = [];
        for (int start = 0; start < Count;)
        {
            EncodedImage[] shard = images[start..Math.Min(Count, start + random.Next(1, 20))];
            start += shard.Length;
            shards.Add((await SampleShard.WriteAsync(_store, job, shard, SampleShard.Options with { GroundTruth = await segments.GetAsync(0, default) }, $"a{start}")).Parts);
        }

        string results = "[" + string.Concat(shards.Where(s => s.ContainsKey("detections.json")).Select(s => Encoding.UTF8.GetString(s["detections.json"]))).TrimStart(',') + "]";
        foreach ((string name, IouType type) in new[] { ("bbox", IouType.Bbox), ("segm", IouType.Segm) })
        {
            EvaluationParameters parameters = EvaluationParameters.Default(type);
            if (limits is not null) parameters = parameters with { MaxDetections = [.. limits] };
            FileEvaluationReport whole = FileEvaluation.Run(new FileEvaluationOptions
            {
                GroundTruthPath = Write("gt.json", groundTruth), ResultsPath = Write("dt.json", results), Parameters = parameters, PerImage = true,
            });
            EvaluationPart[] parts = [.. shards.Where(s => s.ContainsKey(name + ".eval")).Select(s => EvaluationPart.Open(PartData.FromMemory(s[name + ".eval"])))];
            EvaluationResult result = Accumulator.Accumulate(parts);
            Assert.Equal(whole.Result.Precision, result.Precision);
            Assert.Equal(whole.Result.Recall, result.Recall);
            Assert.Equal(whole.Result.Scores, result.Scores);
            Assert.Equal(whole.Summary.Lines, EvaluationSummary.Of(result).Lines);
            if (limits is null) Assert.InRange(whole.Summary.Lines[0].Value, .05, .95); // not trivial
            if (type == IouType.Segm) CheckIndex(shards, whole.Images);
        }
    }

    [Fact]
    public async Task A_shard_of_images_that_the_ground_truth_does_not_name_has_no_evaluation()
    {
        JobDocument job = SampleShard.Job(annotations: true);
        ParsedGroundTruth groundTruth = ParsedGroundTruth.Read(Encoding.UTF8.GetBytes(GroundTruth([])), "gt");
        EncodedImage image = new ImageEncoder(job).Encode(SampleShard.Image("a", id: null), SampleShard.Range(1), SampleShard.Detections(new Random(1), 2), null, default);
        (_, Dictionary<string, byte[]> parts) = await SampleShard.WriteAsync(_store, job, [image], SampleShard.Options with { GroundTruth = groundTruth });
        Assert.Equal(["index.jsonl", "masks.tar", "timings.jsonl"], parts.Keys);
        Assert.False(SampleShard.JsonLines(parts["index.jsonl"])[0].TryGetProperty("matches", out _));
    }

    [Fact]
    public async Task More_images_than_are_matched_at_once_keep_their_order()
    {
        JobDocument job = SampleShard.Job(annotations: true);
        EncodedImage[] images = [.. Enumerable.Range(0, 2500).Select(i => SampleShard.Failed($"{i:d5}", i % 3 == 0 ? null : i))];
        ParsedGroundTruth groundTruth = ParsedGroundTruth.Read(Encoding.UTF8.GetBytes(GroundTruth(images)), "gt");
        (_, Dictionary<string, byte[]> parts) = await SampleShard.WriteAsync(_store, job, images, SampleShard.Options with { GroundTruth = groundTruth });
        JsonElement[] index = SampleShard.JsonLines(parts["index.jsonl"]);
        Assert.Equal(images.Select(i => i.Image.Name), index.Select(l => l.GetProperty("image").GetString()));
        Assert.Equal(images.Select(i => i.Image.Id is not null), index.Select(l => l.TryGetProperty("misses", out _)));
        Assert.Equal(images.Count(i => i.Image.Id is not null), EvaluationPart.Open(PartData.FromMemory(parts["segm.eval"])).ImageIds.Count);
    }

    private static void CheckIndex(List<Dictionary<string, byte[]>> shards, IReadOnlyList<ImageRow> rows)
    {
        Dictionary<long, ImageRow> byId = rows.ToDictionary(r => r.ImageId);
        foreach (JsonElement line in shards.SelectMany(s => SampleShard.JsonLines(s["index.jsonl"])))
        {
            if (!line.TryGetProperty("id", out JsonElement id))
            {
                Assert.False(line.TryGetProperty("matches", out _));
                continue;
            }
            ImageRow row = byId[id.GetInt64()];
            Assert.Equal((row.Matches, row.Misses, row.FalseAlarms), (line.GetProperty("matches").GetInt32(), line.GetProperty("misses").GetInt32(), line.GetProperty("falseAlarms").GetInt32()));
        }
    }

    /// <summary>Some found, some failed, some without an id; ids are not in the order of the names.</summary>
    private static EncodedImage[] Images(JobDocument job, Random random)
    {
        var encoder = new ImageEncoder(job);
        return [.. Enumerable.Range(0, Count).Select(i =>
        {
            long? id = i % 7 == 0 ? null : (i * 37 % 61) + 1;
            return i % 9 == 5
                ? SampleShard.Failed($"{i:d3}.png", id)
                : encoder.Encode(SampleShard.Image($"{i:d3}.png", id), SampleShard.Range(Count), SampleShard.Detections(random, random.Next(8)), null, default);
        })];
    }

    /// <summary>Objects are some of what was found, a little moved, and others.</summary>
    private static string GroundTruth(EncodedImage[] images)
    {
        var random = new Random(5);
        List<string> annotations = [], sizes = [];
        foreach (EncodedImage image in images.Where(i => i.Image.Id is not null))
        {
            sizes.Add($$"""{"id": {{image.Image.Id}}, "file_name": "{{image.Image.Name}}", "width": 40, "height": 30}""");
            ImageDetections objects = SampleShard.Detections(random, 2);
            foreach (DetectedInstance item in objects.Instances) Annotate(image, item.Label * 11, item.Box.X1, item.Box.Y1, 10, 10);
            if (image.Detections.IsEmpty) continue;
            foreach (JsonElement found in JsonDocument.Parse("[" + Encoding.UTF8.GetString(image.Detections.Span) + "]").RootElement.EnumerateArray().Where(_ => random.Next(4) > 0))
            {
                JsonElement box = found.GetProperty("bbox");
                Annotate(image, found.GetProperty("category_id").GetInt32(), Math.Floor(box[0].GetDouble()), box[1].GetDouble(), 10, random.Next(7, 11));
            }
        }
        return $$"""{"images": [{{string.Join(",", sizes)}}], "categories": [{"id": 11, "name": "nucleus"}, {"id": 22, "name": "Zelle"}], "annotations": [{{string.Join(",\n", annotations)}}]}""";

        void Annotate(EncodedImage image, int category, double x, double y, double width, double height) => annotations.Add(FormattableString.Invariant(
            $$"""{"id": {{annotations.Count + 1}}, "image_id": {{image.Image.Id}}, "category_id": {{category}}, "iscrowd": 0, "area": {{width * height}}, "bbox": [{{x}}, {{y}}, {{width}}, {{height}}], "segmentation": [[{{x}}, {{y}}, {{x + width}}, {{y}}, {{x + width}}, {{y + height}}, {{x}}, {{y + height}}]]}"""));
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
