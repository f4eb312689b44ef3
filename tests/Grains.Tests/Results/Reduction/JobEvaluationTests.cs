using System.Text;
using System.Text.Json;
using MaskRcnn.Coco.Evaluation;
using MaskRcnn.Coco.Evaluation.Files;
using MaskRcnn.Grains.Results.Reduction;

namespace MaskRcnn.Grains.Tests.Results.Reduction;

public class JobEvaluationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_numbers_are_those_of_one_machine_to_the_last_bit(int seed)
    {
        TestImage[] images = TestImage.Random(60, seed, annotated: true);
        Assert.Contains(images, i => i.GivenUp && i.Id is not null && i.Objects.Length > 0);
        var job = new TestJob(images, [7, 13, 1, 19, 20], splitSeed: seed);
        job.Reduce();
        using JsonDocument report = JsonDocument.Parse(job.Text("report.json"));
        foreach (IouType type in (IouType[])[IouType.Bbox, IouType.Segm])
            Assert.Equal(OneMachine(job, images, type), report.RootElement.GetProperty("iouTypes").GetProperty(type.ToString().ToLowerInvariant()).GetRawText());
    }

    [Fact]
    public void The_page_shows_the_twelve_lines_and_a_table_of_classes_by_name()
    {
        TestImage[] images = TestImage.Random(60, 4, annotated: true);
        var job = new TestJob(images, [60]);
        job.Reduce();
        string page = job.Text("report.md");
        Assert.Contains($"## Boxes, over {images.Count(i => i.Id is not null)} annotated images\n", page, StringComparison.Ordinal);
        Assert.Equal(24, page.Split('\n').Count(line => line.StartsWith(" Average ", StringComparison.Ordinal)));
        Assert.True(page.IndexOf("\n| a | 0.", StringComparison.Ordinal) < page.IndexOf("\n| b\\|c | 0.", StringComparison.Ordinal), page);
    }

    [Fact]
    public void Parts_in_groups_on_disk_give_the_same_numbers()
    {
        TestImage[] images = TestImage.Random(40, 5, annotated: true);
        EvaluationParameters parameters = EvaluationParameters.Default(IouType.Bbox);
        using var groups = new PartGroups(groupBytes: 1500, CancellationToken.None);
        var all = new Coco.Evaluation.Parts.EvaluationPartBuilder(parameters, TestImage.Categories);
        foreach (TestImage image in images.Where(i => i.Id is not null))
        {
            var one = new Coco.Evaluation.Parts.EvaluationPartBuilder(parameters, TestImage.Categories);
            one.Add(image.Match(IouType.Bbox, 1000, parameters));
            groups.Add(one.Build());
            all.Add(image.Match(IouType.Bbox, 1000, parameters));
        }
        Assert.InRange(groups.All().Count, 2, 20);
        Assert.Equal(
            Coco.Evaluation.Accumulation.Accumulator.Accumulate([all.Build()]).Precision,
            Coco.Evaluation.Accumulation.Accumulator.Accumulate(groups.All()).Precision);
    }

    [Fact]
    public void An_annotated_job_of_which_no_image_is_named_has_numbers_of_minus_one()
    {
        var job = new TestJob([new TestImage("a.png", null, null, false, [], [])], [1]);
        job.Reduce();
        using JsonDocument report = JsonDocument.Parse(job.Text("report.json"));
        Assert.Equal(-1, report.RootElement.GetProperty("iouTypes").GetProperty("segm").GetProperty("stats").GetProperty("AP").GetDouble());
    }

    private static string OneMachine(TestJob job, TestImage[] images, IouType type)
    {
        string folder = Directory.CreateTempSubdirectory("maskrcnn-").FullName;
        try
        {
            string groundTruth = Path.Combine(folder, "gt.json"), results = Path.Combine(folder, "results.json");
            File.WriteAllText(groundTruth, job.GroundTruth(0, images.Length));
            File.WriteAllBytes(results, job.Result("detections.json"));
            FileEvaluationReport report = FileEvaluation.Run(new FileEvaluationOptions
            {
                GroundTruthPath = groundTruth, ResultsPath = results, Parameters = EvaluationParameters.Default(type), ImageIds = [.. images.Select(i => i.Id).OfType<long>()],
            });
            using var stream = new MemoryStream();
            using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            {
                json.WriteStartObject();
                EvaluationJson.Write(json, report, perClass: true);
                json.WriteEndObject();
            }
            return Encoding.UTF8.GetString(stream.ToArray());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
