using System.Text.Json;

namespace MaskRcnn.Client.Tests.Predict;

public sealed class PredictCommandTests : IDisposable
{
    private readonly PredictFolder _folder = new();

    [Fact]
    public void Images_become_results_in_COCOs_format_with_ids_by_relative_path()
    {
        File.WriteAllText(Path.Combine(_folder.Images, "readme.txt"), "not an image");
        CommandRun run = _folder.Predict("--json").Exits(0);
        JsonElement report = run.Json;
        Assert.Equal((2, 0, 40), (report.GetProperty("images").GetInt32(), report.GetProperty("failed").GetInt32(), report.GetProperty("detections").GetInt32()));
        Assert.Equal(JsonValueKind.Null, report.GetProperty("evaluation").ValueKind);
        Assert.True(report.GetProperty("seconds").GetDouble() > 0 && report.GetProperty("imagesPerSecond").GetDouble() > 0);
        Assert.Contains("1 files that are not images are skipped", run.Error, StringComparison.Ordinal);

        JsonElement[] results = [.. Read("results.json").EnumerateArray()];
        Assert.Equal(40, results.Length);
        Assert.Equal([1L, 2L], results.Select(r => r.GetProperty("image_id").GetInt64()).Distinct());
        Assert.All(results, r => Assert.Contains(r.GetProperty("category_id").GetInt64(), new long[] { 10, 20, 30, 40 }));
        Assert.Equal([120, 160], results[0].GetProperty("segmentation").GetProperty("size").EnumerateArray().Select(n => n.GetInt32()));
        Assert.Equal(["a/first.png", "b.png"], Read("images.json").EnumerateArray().Select(i => i.GetProperty("path").GetString()));
        Assert.Equal((110, 150), (Read("images.json")[1].GetProperty("width").GetInt32(), Read("images.json")[1].GetProperty("height").GetInt32()));
        Assert.Equal("", File.ReadAllText(Path.Combine(_folder.Output, "errors.jsonl")));
    }

    [Fact]
    public void Batches_threads_and_company_do_not_change_the_results()
    {
        _folder.AddImage("c.png", 0);
        _folder.Predict().Exits(0);
        string alone = File.ReadAllText(Path.Combine(_folder.Output, "results.json"));
        _folder.Predict("--batch-size", "3", "--overwrite").Exits(0);
        Assert.Equal(Rounded(alone), Rounded(File.ReadAllText(Path.Combine(_folder.Output, "results.json"))));
    }

    [Fact]
    public void A_bad_image_is_named_and_the_rest_is_done()
    {
        File.WriteAllBytes(Path.Combine(_folder.Images, "broken.png"), [.. File.ReadAllBytes(Path.Combine(_folder.Images, "b.png")).Take(500)]);
        JsonElement report = _folder.Predict("--json").Exits(5).Json;
        Assert.Equal((3, 1), (report.GetProperty("images").GetInt32(), report.GetProperty("failed").GetInt32()));
        JsonElement error = JsonDocument.Parse(File.ReadAllLines(Path.Combine(_folder.Output, "errors.jsonl")).Single()).RootElement;
        Assert.Equal(("broken.png", 3, "Png"), (error.GetProperty("path").GetString(), error.GetProperty("image_id").GetInt32(), error.GetProperty("format").GetString()));
        Assert.NotEmpty(error.GetProperty("reason").GetString()!);
    }

    [Fact]
    public void Nothing_but_bad_images_is_an_error()
    {
        string only = _folder.Write("only/bad.jpg", "not a JPEG");
        CommandRun run = CommandRun.Of("predict", "--model", _folder.Model, "--input", only, "--output", _folder.Output).Exits(1);
        Assert.Contains("1 failed", run.Out, StringComparison.Ordinal);
        Assert.Equal("[]", File.ReadAllText(Path.Combine(_folder.Output, "results.json")).Replace("\n", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Ground_truth_gives_the_ids_and_the_results_are_evaluated_on_the_images_given()
    {
        _folder.AddImage("unknown.png", 0);
        string annotations = _folder.Write("gt.json", """
            {"images":[{"id":7,"file_name":"first.png","width":160,"height":120},{"id":5,"file_name":"b.png","width":110,"height":150},{"id":9,"file_name":"elsewhere.png","width":9,"height":9}],
             "categories":[{"id":10,"name":"thing 1"},{"id":20,"name":"thing 2"},{"id":30,"name":"thing 3"},{"id":40,"name":"thing 4"}],
             "annotations":[{"id":1,"image_id":7,"category_id":10,"bbox":[10,10,50,50],"area":2500,"iscrowd":0,"segmentation":[[10,10,60,10,60,60,10,60]]}]}
            """);
        CommandRun run = _folder.Predict("--annotations", annotations, "--json").Exits(0);
        JsonElement evaluation = run.Json.GetProperty("evaluation");
        Assert.Equal(2, evaluation.GetProperty("images").GetInt32());
        Assert.InRange(evaluation.GetProperty("bbox").GetProperty("AP").GetDouble(), 0, 1);
        Assert.InRange(evaluation.GetProperty("segm").GetProperty("AP50").GetDouble(), 0, 1);
        Assert.Equal([7L, 5L], Read("results.json").EnumerateArray().Select(r => r.GetProperty("image_id").GetInt64()).Distinct());
        Assert.Contains("unknown.png", run.Error, StringComparison.Ordinal);
        Assert.Contains("elsewhere.png", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Ground_truth_of_other_images_is_an_error_that_shows_both_names()
    {
        string annotations = _folder.Write("gt.json", """{"images":[{"id":7,"file_name":"x.png","width":1,"height":1}],"categories":[],"annotations":[]}""");
        CommandRun run = _folder.Predict("--annotations", annotations).Exits(1);
        Assert.Contains("a/first.png", run.Error, StringComparison.Ordinal);
        Assert.Contains("x.png", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_found_is_a_result_too()
    {
        string annotations = _folder.Write("gt.json", """
            {"images":[{"id":7,"file_name":"b.png","width":110,"height":150}],"categories":[{"id":10,"name":"thing"}],
             "annotations":[{"id":1,"image_id":7,"category_id":10,"bbox":[10,10,50,50],"area":2500,"iscrowd":0,"segmentation":[[10,10,60,10,60,60,10,60]]}]}
            """);
        CommandRun run = _folder.Predict("--score-threshold", "1", "--annotations", annotations, "--overlay", "--json").Exits(0);
        Assert.Equal((1, 0, 0), (run.Json.GetProperty("images").GetInt32(), run.Json.GetProperty("failed").GetInt32(), run.Json.GetProperty("detections").GetInt32()));
        Assert.Equal(0, run.Json.GetProperty("evaluation").GetProperty("segm").GetProperty("AP").GetDouble());
        Assert.Equal(0, Read("results.json").GetArrayLength());
    }

    [Fact]
    public void Weights_of_another_architecture_are_refused_with_what_they_differ_in()
    {
        string weights = Repository.File("tests/data/detection/golden/tiny_model.safetensors");
        CommandRun run = CommandRun.Of("predict", "--arch", "maskrcnn_resnet18_fpn", "--weights", weights, "--input", _folder.Images, "--output", _folder.Output).Exits(1);
        Assert.Contains("does not fit maskrcnn_resnet18_fpn", run.Error, StringComparison.Ordinal);
        Assert.Contains("Its keys fit no preset.", run.Error, StringComparison.Ordinal);
        Assert.Contains("needs --arch NAME", CommandRun.Of("predict", "--weights", weights, "--input", _folder.Images, "--output", _folder.Output).Exits(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_earlier_runs_pictures_are_neither_inputs_nor_left_over()
    {
        string output = Path.Combine(_folder.Images, "found");
        CommandRun.Of("predict", "--model", _folder.Model, "--input", _folder.Images, "--output", output, "--overlay").Exits(0);
        CommandRun again = CommandRun.Of("predict", "--model", _folder.Model, "--input", _folder.Images, "--output", output, "--overlay", "--overwrite", "--json").Exits(0);
        Assert.Equal((2, 2), (again.Json.GetProperty("images").GetInt32(), again.Json.GetProperty("skipped").GetInt32() - 3));
        string only = Path.Combine(_folder.Images, "b.png");
        CommandRun.Of("predict", "--model", _folder.Model, "--input", only, "--output", output, "--overlay", "--overwrite").Exits(0);
        Assert.Single(Directory.EnumerateFiles(Path.Combine(output, "overlays"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Overlays_are_pictures_of_the_images_size()
    {
        _folder.Predict("--overlay").Exits(0);
        byte[] png = File.ReadAllBytes(Path.Combine(_folder.Output, "overlays/a/first.png.png"));
        Assert.Equal("PNG"u8, png.AsSpan(1, 3));
        Assert.Equal((160, 120), ((png[18] << 8) + png[19], (png[22] << 8) + png[23]));
    }

    [Fact]
    public void Earlier_results_stay_unless_they_are_to_be_replaced()
    {
        _folder.Predict().Exits(0);
        string results = Path.Combine(_folder.Output, "results.json");
        File.WriteAllText(results, "precious");
        CommandRun run = _folder.Predict().Exits(1);
        Assert.Contains("--overwrite", run.Error, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(results));
        _folder.Predict("--overwrite", "--max-detections", "3").Exits(0);
        Assert.Equal(6, Read("results.json").GetArrayLength());
    }

    [Fact]
    public void Thresholds_of_the_command_line_replace_the_models()
    {
        _folder.Predict("--score-threshold", "0.3").Exits(0);
        Assert.All(Read("results.json").EnumerateArray(), r => Assert.True(r.GetProperty("score").GetDouble() > 0.3));
    }

    [Theory]
    [InlineData("There is no model", 2)]
    [InlineData("--weights", 2, "--arch", "maskrcnn_resnet50_fpn")]
    [InlineData("does not exist", 1, "--model", "none.safetensors")]
    [InlineData("'tpu' is not a device", 2, "--model", "MODEL", "--device", "tpu")]
    [InlineData("--threads 0", 2, "--model", "MODEL", "--threads", "0")]
    [InlineData("--batch-size -1", 2, "--model", "MODEL", "--batch-size", "-1")]
    [InlineData("--batch-size abc", 2, "--model", "MODEL", "--batch-size", "abc")]
    [InlineData("expected a whole number from 1 to 1024", 2, "--model", "MODEL", "--threads", "1000000")]
    [InlineData("--max-detections 99999999999", 2, "--model", "MODEL", "--max-detections", "99999999999")]
    [InlineData("--max-pixels 0", 2, "--model", "MODEL", "--max-pixels", "0")]
    [InlineData("--min-size 1.5", 2, "--model", "MODEL", "--min-size", "1.5")]
    [InlineData("--score-threshold 2 is not possible", 2, "--model", "MODEL", "--score-threshold", "2")]
    [InlineData("--precision: Argument 'fp16' not recognized. Must be one of: 'fp32', 'bf16'.", 2, "--model", "MODEL", "--precision", "fp16")]
    public void Wrong_options_are_explained(string expected, int code, params string[] options)
    {
        string[] arguments = [.. options.Select(option => option == "MODEL" ? _folder.Model : option)];
        CommandRun run = CommandRun.Of(["predict", "--input", _folder.Images, "--output", _folder.Output, .. arguments]).Exits(code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder.Output, "results.json")));
    }

    public void Dispose() => _folder.Dispose();

    private JsonElement Read(string name) => JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder.Output, name))).RootElement;

    /// <summary>Labels, masks' sizes and scores to three digits: what must not change.</summary>
    private static string[] Rounded(string results) =>
        [.. JsonDocument.Parse(results).RootElement.EnumerateArray().Select(r => $"{r.GetProperty("image_id")} {r.GetProperty("category_id")} {r.GetProperty("score").GetDouble():F3}")];
}
