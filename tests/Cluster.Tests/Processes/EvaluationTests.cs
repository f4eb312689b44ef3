using System.Text.Json;

namespace MaskRcnn.Cluster.Tests.Processes;

[Collection(ProcessTests.Name)]
public sealed class EvaluationTests(SharedCluster cluster)
{
    [Fact]
    public async Task A_jobs_detections_are_those_of_predict()
    {
        string folder = cluster.Collection.Path("predicted");
        // Some images are broken.
        (await Cli.RunAsync("predict", "--model", cluster.Collection.Model, "--input", cluster.Collection.Images, "--annotations", cluster.Collection.Annotations, "--output", folder)).Exits(5);
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(folder, "results.json")), System.Text.Encoding.UTF8.GetString(cluster.Undisturbed["detections.json"]));
    }

    [Fact]
    public async Task A_job_says_with_how_many_threads_it_was_computed_and_predict_repeats_it()
    {
        await cluster.UpAsync();
        JsonElement manifest = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(cluster.Undisturbed.Folder, "manifest.json"))).RootElement;
        int threads = Assert.Single(manifest.GetProperty("threads").EnumerateArray()).GetInt32();
        Cli describe = await Cli.RunAsync("job", "describe", manifest.GetProperty("job").GetString()!, "--json", "--cluster", cluster.Data);
        Assert.Equal(threads, Assert.Single(describe.Exits(0).Json.GetProperty("threads").EnumerateArray()).GetInt32());
        string folder = cluster.Collection.Path("predicted-with-threads");
        (await Cli.RunAsync(
            "predict", "--model", cluster.Collection.Model, "--input", cluster.Collection.Images, "--annotations", cluster.Collection.Annotations, "--output", folder,
            "--threads", threads.ToString(System.Globalization.CultureInfo.InvariantCulture))).Exits(5);
        Assert.Equal(cluster.Undisturbed["detections.json"], await File.ReadAllBytesAsync(Path.Combine(folder, "results.json")));
    }

    [Theory]
    [InlineData("bbox")]
    [InlineData("segm")]
    public async Task A_report_has_the_numbers_of_eval_digit_for_digit(string type)
    {
        Cli eval = await Cli.RunAsync("eval", "--gt", cluster.Collection.Annotations, "--dt", Path.Combine(cluster.Undisturbed.Folder, "detections.json"), "--iou-type", type, "--json");
        JsonElement alone = eval.Exits(0).Json, reported = cluster.Undisturbed.Report.GetProperty("iouTypes").GetProperty(type);
        JsonElement stats = alone.GetProperty("stats");
        // That something was found keeps the comparison from being one of noughts.
        Assert.InRange(stats.GetProperty("AP").GetDouble(), .05, .95);
        Assert.Equal(12, stats.EnumerateObject().Count());
        foreach (JsonProperty number in stats.EnumerateObject()) Assert.Equal(number.Value.GetRawText(), reported.GetProperty("stats").GetProperty(number.Name).GetRawText());
        Are_the_same(alone, reported);
    }

    /// <summary>What one has more, such as the names of files, is its own affair.</summary>
    private static void Are_the_same(JsonElement one, JsonElement other)
    {
        foreach (JsonProperty member in other.EnumerateObject())
        {
            if (!one.TryGetProperty(member.Name, out JsonElement same)) continue;
            if (same.ValueKind == JsonValueKind.Object) Are_the_same(same, member.Value);
            else Assert.True(same.GetRawText() == member.Value.GetRawText(), $"{member.Name} is {same.GetRawText()} alone and {member.Value.GetRawText()} in the report.");
        }
    }

    [Fact]
    public void A_report_counts_the_broken_images_and_says_what_is_wrong_with_each()
    {
        JsonElement counts = cluster.Undisturbed.Report.GetProperty("counts");
        Assert.Equal(TinyCollection.Bad, counts.GetProperty("failed").GetInt32());
        Assert.Equal(
            [("broken/empty.png", "empty"), ("broken/half.png", "damaged"), ("text.png", "unknown-format")],
            cluster.Undisturbed.Errors.Select(error => (error.GetProperty("image").GetString()!, error.GetProperty("cause").GetString()!)));
    }
}
