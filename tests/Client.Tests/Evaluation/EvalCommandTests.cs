using System.Text.Json;
using System.Text.Json.Nodes;

namespace MaskRcnn.Client.Tests.Evaluation;

public sealed class EvalCommandTests : IDisposable
{
    private static readonly string[] DetectionKeys = ["AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl"];
    private static readonly string[] KeypointKeys = ["AP", "AP50", "AP75", "APm", "APl", "AR", "AR50", "AR75", "ARm", "ARl"];

    private readonly GoldenFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("bbox")]
    [InlineData("segm")]
    [InlineData("keypoints")]
    public void The_statistics_are_the_references_to_the_last_bit(string iouType)
    {
        JsonElement json = _folder.Eval(iouType, "--json").Exits(0).Json;
        Assert.Equal(iouType, json.GetProperty("iouType").GetString());
        Assert.Equal(iouType == "keypoints" ? KeypointKeys : DetectionKeys, json.GetProperty("stats").EnumerateObject().Select(p => p.Name));
        Assert.Equal(GoldenFolder.Statistics(iouType), Numbers(json));
        Assert.Empty(json.GetProperty("instance").EnumerateArray());
        Assert.Equal(-1, json.GetProperty("dsbScore").GetDouble());
        Assert.False(json.TryGetProperty("perClass", out _));
    }

    [Theory]
    [InlineData("bbox", "useCats0")]
    [InlineData("segm", "useCats0")]
    [InlineData("bbox", "maxDets_1_10_300")]
    [InlineData("segm", "maxDets_1_10_300")]
    [InlineData("bbox", "first7images")]
    [InlineData("segm", "first7images")]
    [InlineData("keypoints", "first7images")]
    [InlineData("bbox", "no_gt")]
    [InlineData("segm", "no_gt")]
    [InlineData("keypoints", "no_gt")]
    public void The_variants_are_the_references_to_the_last_bit(string iouType, string variant)
    {
        string[] files = _folder.Files(iouType, withObjects: variant != "no_gt");
        long[] ids = [.. JsonNode.Parse(File.ReadAllBytes(_folder.Path("gt.json")))!["images"]!.AsArray().Take(7).Select(i => i!["id"]!.GetValue<long>())];
        string[] options = variant switch
        {
            "useCats0" => ["--class-agnostic"],
            "maxDets_1_10_300" => ["--max-dets", "1,10,300"],
            "first7images" => ["--image-ids", _folder.Write("ids.txt", string.Join('\n', ids))],
            _ => [],
        };
        Assert.Equal(GoldenFolder.Statistics(iouType, variant), Numbers(CommandRun.Of(["eval", .. files, .. options, "--json"]).Exits(0).Json));
        if (variant != "first7images") return;
        string asJson = _folder.Write("ids.json", JsonSerializer.Serialize(ids));
        Assert.Equal(GoldenFolder.Statistics(iouType, variant), Numbers(CommandRun.Of(["eval", .. files, "--image-ids", asJson, "--json"]).Exits(0).Json));
    }

    [Theory]
    [InlineData("bbox")]
    [InlineData("segm")]
    [InlineData("keypoints")]
    public void The_text_is_the_familiar_lines(string iouType)
    {
        string[] lines = _folder.Eval(iouType).Exits(0).Out.TrimEnd('\n').Split('\n');
        Assert.Equal(GoldenFolder.Expected[iouType]!["lines"]!.AsArray().Select(l => l!.GetValue<string>()), lines);
    }

    [Fact]
    public void Classes_are_reported_on_request_those_without_objects_too()
    {
        JsonElement json = _folder.Eval("segm", "--per-class", "--json").Exits(0).Json;
        Dictionary<long, double> classes = json.GetProperty("perClass").EnumerateArray().ToDictionary(c => c.GetProperty("id").GetInt64(), c => c.GetProperty("AP").GetDouble());
        JsonObject expected = GoldenFolder.Expected["segm"]!["per_category_AP"]!.AsObject();
        Assert.Equal(expected.Count, classes.Count);
        foreach ((string id, JsonNode? ap) in expected) Assert.Equal(ap!.GetValue<double>(), classes[long.Parse(id, System.Globalization.CultureInfo.InvariantCulture)], 1e-15);
        Assert.Contains(-1, classes.Values);
        Assert.Contains("c13", _folder.Eval("segm", "--per-class").Exits(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Instance_metrics_are_reported_on_request()
    {
        JsonElement json = _folder.Eval("segm", "--instance-metrics", "--score-threshold", "0.3", "--json").Exits(0).Json;
        JsonElement[] instance = [.. json.GetProperty("instance").EnumerateArray()];
        Assert.Equal([.5, .55, .6, .65, .7, .75, .8, .85, .9, .95], instance.Select(i => i.GetProperty("iou").GetDouble()));
        Assert.All(instance, i => Assert.Equal(81 - 8, i.GetProperty("tp").GetInt32() + i.GetProperty("fn").GetInt32()));
        Assert.Equal(instance.Average(i => i.GetProperty("meanOverImages").GetDouble()), json.GetProperty("dsbScore").GetDouble(), 1e-12);
        Assert.Equal(.3, json.GetProperty("parameters").GetProperty("scoreThreshold").GetDouble());
        Assert.Contains("DSB score", _folder.Eval("segm", "--instance-metrics").Exits(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void An_AP_below_the_minimum_exits_with_6_and_still_reports()
    {
        CommandRun run = _folder.Eval("bbox", "--min-ap", "0.5", "--json").Exits(6);
        Assert.Equal(GoldenFolder.Statistics("bbox"), Numbers(run.Json));
        _folder.Eval("bbox", "--min-ap", "0.1").Exits(0);
    }

    [Fact]
    public void A_minimum_that_cannot_be_judged_is_a_usage_error_that_names_the_cause()
    {
        JsonElement error = _folder.Eval("bbox", "--min-ap", "0.1", "--max-dets", "1,10,300", "--json").Exits(2).Json.GetProperty("error");
        Assert.Equal("usage", error.GetProperty("code").GetString());
        Assert.Contains("--max-dets does not hold 100", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        CommandRun none = CommandRun.Of(["eval", .. _folder.Files("bbox", withObjects: false), "--min-ap", "0.1"]).Exits(2);
        Assert.Contains("holds no objects", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Curves_and_tables_are_written_on_request_the_worst_images_first()
    {
        JsonElement json = _folder.Eval("bbox", "--output", _folder.Path("report"), "--per-class", "--json").Exits(0).Json;
        string[] files = [.. json.GetProperty("files").EnumerateArray().Select(f => f.GetString()!)];
        Assert.All(files, file => Assert.True(File.Exists(file), file));
        Assert.Equal(3 + 4, files.Length); // of five classes one has no objects
        Assert.All(files.Where(f => f.EndsWith(".png", StringComparison.Ordinal)), file => Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(file)[..4]));
        string[] images = File.ReadAllLines(_folder.Path("report/per-image.csv"));
        Assert.Equal("image_id,file_name,matches,misses,false_alarms,score", images[0]);
        Assert.Equal(24 + 1, images.Length);
        double[] scores = [.. images.Skip(1).Select(line => double.Parse(line.Split(',')[5], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(scores.Order(), scores);
        Assert.Equal(5 + 1, File.ReadAllLines(_folder.Path("report/per-class.csv")).Length);
    }

    [Theory]
    [InlineData("bbox", "IoU threshold 2; expected above 0, at most 1", "--iou-thresholds", "0.5,2")]
    [InlineData("bbox", "--max-dets: 'ten' is not a whole number", "--max-dets", "1,ten")]
    [InlineData("bbox", "--area-ranges: 'small' is not name:low:high", "--area-ranges", "small")]
    [InlineData("bbox", "expected the lower end first", "--area-ranges", "all:9:1")]
    [InlineData("bbox", "sigmas given for Bbox", "--sigmas", "0.1")]
    [InlineData("keypoints", "class-agnostic evaluation of keypoints is not defined", "--class-agnostic")]
    [InlineData("keypoints", "instance metrics of keypoints are not defined", "--instance-metrics")]
    [InlineData("bbox", "--score-threshold is for --instance-metrics only", "--score-threshold", "0.5")]
    [InlineData("bbox", "--min-ap 7 is not an AP", "--min-ap", "7")]
    [InlineData("bbox", "Unknown category ids: 99", "--category-ids", "1,99")]
    [InlineData("bbox", "--iou-typo", "--iou-typo", "x")]
    [InlineData("bbox", "--min-ap: '0,1' is not a number; expected one such as 0.5", "--min-ap", "0,1")]
    [InlineData("bbox", "--score-threshold: '0,5' is not a number", "--instance-metrics", "--score-threshold", "0,5")]
    [InlineData("bbox", "the same IoU threshold twice", "--iou-thresholds", "0.5,0.5")]
    [InlineData("bbox", "--area-ranges: 'x:0:1e400' is not name:low:high", "--area-ranges", "x:0:1e400")]
    public void A_wrong_option_is_a_usage_error_that_says_what_was_expected(string iouType, string expected, params string[] options)
    {
        Assert.Contains(expected, _folder.Eval(iouType, options).Exits(2).Error, StringComparison.Ordinal);
        JsonElement error = _folder.Eval(iouType, [.. options, "--json"]).Exits(2).Json.GetProperty("error");
        Assert.Equal("usage", error.GetProperty("code").GetString());
        Assert.Contains(expected, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_or_malformed_is_named()
    {
        string missing = _folder.Path("missing.json"), broken = _folder.Write("broken.json", "[\n{\"image_id\": ]");
        string groundTruth = _folder.Files("bbox")[1];
        JsonElement error = CommandRun.Of("eval", "--gt", missing, "--dt", broken, "--iou-type", "bbox", "--json").Exits(1).Json.GetProperty("error");
        Assert.Equal(("not_found", missing), (error.GetProperty("code").GetString(), error.GetProperty("details").GetProperty("file").GetString()));
        error = CommandRun.Of("eval", "--gt", groundTruth, "--dt", broken, "--iou-type", "bbox", "--json").Exits(1).Json.GetProperty("error");
        Assert.Equal("invalid_file", error.GetProperty("code").GetString());
        Assert.Equal((broken, 2), (error.GetProperty("details").GetProperty("file").GetString(), error.GetProperty("details").GetProperty("line").GetInt32()));
    }

    [Fact]
    public void A_folder_in_place_of_a_file_is_named_as_one()
    {
        CommandRun run = CommandRun.Of("eval", "--gt", _folder.Path(""), "--dt", _folder.Path(""), "--iou-type", "bbox").Exits(1);
        Assert.Contains("is a folder; expected a file", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_name_cannot_steer_the_terminal()
    {
        string[] files = _folder.Files("bbox");
        File.WriteAllText(files[1], File.ReadAllText(files[1]).Replace("\"c1\"", "\"\\u001b[31mred\\n\"", StringComparison.Ordinal));
        string text = CommandRun.Of(["eval", .. files, "--per-class"]).Exits(0).Out;
        Assert.DoesNotContain('\e', text);
        Assert.Contains("?[31mred?", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Fewer_limits_leave_the_missing_recalls_at_minus_1()
    {
        JsonElement stats = _folder.Eval("bbox", "--max-dets", "100", "--json").Exits(0).Json.GetProperty("stats");
        double[] full = GoldenFolder.Statistics("bbox");
        Assert.Equal(full[0], stats.GetProperty("AP").GetDouble());
        Assert.Equal(full[8], stats.GetProperty("AR1").GetDouble());
        Assert.Equal(-1, stats.GetProperty("AR10").GetDouble());
        Assert.Equal(-1, stats.GetProperty("AR100").GetDouble());
    }

    private static double[] Numbers(JsonElement json) => [.. json.GetProperty("stats").EnumerateObject().Select(p => p.Value.GetDouble())];
}
