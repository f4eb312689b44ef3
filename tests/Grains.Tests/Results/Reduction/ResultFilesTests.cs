using System.Text;
using System.Text.Json;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Results.Reduction;

namespace MaskRcnn.Grains.Tests.Results.Reduction;

public class ResultFilesTests
{
    private static readonly TestImage[] ThreeImages =
    [
        new("a.png", 1, null, false, [], [(new(1, 2, 3, 4), 3, .5f), (new(5, 6, 7, 8), 7, .25f)]),
        new("b/c.png", 2, "damaged", false, [], []),
        new("d.png", 3, null, false, [], [(new(9, 9, 9, 9), 3, .75f)]),
    ];

    [Fact]
    public void The_files_hold_the_parts_in_the_order_of_the_images()
    {
        var job = new TestJob(ThreeImages, [2, 1], annotated: false);
        ReductionOutcome outcome = job.Reduce();
        Assert.Equal(new ReductionOutcome(3, 2, 1, 3), outcome);
        Assert.Equal(JobState.CompletedWithErrors, outcome.State);
        Assert.Equal([.. ThreeImages[0].MaskEntry, .. ThreeImages[2].MaskEntry, .. new byte[1024]], job.Result("masks.tar"));
        Assert.Equal([.. ThreeImages[0].ThumbnailEntry, .. ThreeImages[2].ThumbnailEntry, .. new byte[1024]], job.Result("thumbnails/00000.tar"));
        Assert.Equal("[\n" + string.Join(",\n", [.. ThreeImages[0].DetectionLines, .. ThreeImages[2].DetectionLines]) + "\n]\n", job.Text("detections.json"));
        Assert.Equal("{\"image\":\"b/c.png\",\"shard\":\"00000000\",\"cause\":\"damaged\",\"detail\":\"it is <broken> & more\"}\n", job.Text("errors.jsonl"));
        Assert.Equal(
            "{\"schema\":1,\"page\":0,\"first\":0,\"rows\":[\n"
            + "{\"image\":\"a.png\",\"id\":1,\"width\":64,\"height\":64,\"offset\":512,\"length\":20,\"instances\":2,\"thumbnail\":{\"pack\":0,\"offset\":512,\"length\":13}},\n"
            + "{\"image\":\"b/c.png\",\"id\":2,\"cause\":\"damaged\"},\n"
            + "{\"image\":\"d.png\",\"id\":3,\"width\":64,\"height\":64,\"offset\":1536,\"length\":20,\"instances\":1,\"thumbnail\":{\"pack\":0,\"offset\":1536,\"length\":13}}\n]}\n",
            job.Text("index/00000000.json"));
        Assert.Equal("{\"schema\":1,\"rows\":3,\"pageRows\":4096,\"pageCount\":1,\"pages\":[{\"first\":\"a.png\",\"last\":\"d.png\"}]}\n", job.Text("index/index.json"));
        Assert.Equal(
            "{\"schema\":1,\"counts\":{\"images\":3,\"done\":2,\"failed\":1,\"detections\":3,\"skipped\":1,\"notAnnotated\":0,\"duplicates\":0,\"missing\":2},\"iouTypes\":{},"
            + "\"failures\":[{\"cause\":\"damaged\",\"count\":1,\"samples\":[\"b/c.png\"]}],"
            + "\"parameters\":{\"scoreThreshold\":null,\"evaluationLimits\":[1,10,100],\"precision\":\"fp32\",\"pattern\":null,\"limit\":null,\"shardSize\":{\"images\":5,\"bytes\":1000},"
            + "\"annotations\":false,\"png\":false,\"thumbnails\":true,\"deterministic\":false},"
            + $"\"model\":{{\"name\":\"tiny_model\",\"sha256\":\"{new string('0', 64)}\"}}}}\n",
            job.Text("report.json"));
        Assert.StartsWith("# tiny\\_model over 3 images\n", job.Text("report.md"), StringComparison.Ordinal);
        Assert.Contains("| damaged | 1 | b/c.png |\n", job.Text("report.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void Timings_and_attempts_say_how_the_run_went()
    {
        var job = new TestJob(ThreeImages, [2, 1], annotated: false);
        CommitRecord first = job.Records.First(r => r.Run is not null);
        var failed = new Grains.Partitions.AttemptReport("00000001", "lost", "other", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(9), "its lease ended", true);
        Reducer.Run(job.Request() with { FailedAttempts = [failed] }, CancellationToken.None);
        using JsonDocument timings = JsonDocument.Parse(job.Text("timings.json"));
        Assert.Equal(3, timings.RootElement.GetProperty("images").GetInt64());
        Assert.Equal(3, timings.RootElement.GetProperty("seconds").GetDouble());
        Assert.Equal(["infer", "read"], timings.RootElement.GetProperty("stages").EnumerateObject().Select(s => s.Name));
        Assert.Equal(.1, timings.RootElement.GetProperty("stages").GetProperty("infer").GetProperty("mean").GetDouble(), 9);
        Assert.InRange(timings.RootElement.GetProperty("stages").GetProperty("infer").GetProperty("p95").GetDouble(), .098, .102);
        Assert.Equal("worker", timings.RootElement.GetProperty("workers")[0].GetProperty("worker").GetString());
        string[] lines = job.Text("attempts.jsonl").Split('\n');
        Assert.StartsWith($"{{\"shard\":\"{first.Shard}\",\"attempt\":\"{first.Attempt}\",\"worker\":\"worker\",\"started\":\"1970-01-01T00:00:00+00:00\"", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"attempt\":\"lost\",\"worker\":\"other\"", lines[^2], StringComparison.Ordinal);
        Assert.Contains("\"how\":\"its lease ended\",\"suspicion\":true", lines[^2], StringComparison.Ordinal);
    }

    [Fact]
    public void The_manifest_names_every_file_with_its_size_and_hash()
    {
        var job = new TestJob(TestImage.Random(30, 1, annotated: true), [10, 20]);
        job.Reduce();
        using JsonDocument manifest = JsonDocument.Parse(job.Text("manifest.json"));
        JsonElement[] files = [.. manifest.RootElement.GetProperty("files").EnumerateArray()];
        Assert.Equal(job.Names(JobLayout.Result).Where(n => n != JobLayout.Manifest), files.Select(f => JobLayout.Result + f.GetProperty("name").GetString()).Order(StringComparer.Ordinal));
        foreach (JsonElement file in files)
        {
            byte[] content = job.Result(file.GetProperty("name").GetString()!);
            Assert.Equal(content.Length, file.GetProperty("size").GetInt64());
            Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content)), file.GetProperty("sha256").GetString());
            Assert.Equal(job.ETag(JobLayout.Result + file.GetProperty("name").GetString()), file.GetProperty("etag").GetString());
        }
        Assert.Equal("CompletedWithErrors", manifest.RootElement.GetProperty("state").GetString());
        Assert.Equal("memory:images", manifest.RootElement.GetProperty("specification").GetProperty("images").GetString());
        Assert.Equal([(3, "b|c"), (7, "a")], manifest.RootElement.GetProperty("categories").EnumerateArray().Select(c => (c.GetProperty("id").GetInt64(), c.GetProperty("name").GetString()!)));
        Assert.Equal(2, manifest.RootElement.GetProperty("shards").GetInt32());
        Assert.Equal([2, 8], manifest.RootElement.GetProperty("threads").EnumerateArray().Select(count => count.GetInt32()));
        Assert.Equal(Environment.Version.ToString(), manifest.RootElement.GetProperty("versions").GetProperty("dotnet").GetString());
    }

    [Fact]
    public void A_job_without_images_has_a_whole_result()
    {
        var job = new TestJob([], []);
        Assert.Equal(JobState.Succeeded, job.Reduce().State);
        Assert.Equal("[\n]\n", job.Text("detections.json"));
        Assert.Equal(new byte[1024], job.Result("masks.tar"));
        Assert.Equal("{\"schema\":1,\"rows\":0,\"pageRows\":4096,\"pageCount\":0,\"pages\":[]}\n", job.Text("index/index.json"));
        Assert.Contains("\"AP\":-1", job.Text("report.json"), StringComparison.Ordinal);
        Assert.Empty(job.Names("result/thumbnails/"));
    }

    [Fact]
    public void The_index_is_cut_into_pages_of_4096_rows()
    {
        TestImage[] images = [.. Enumerable.Range(0, 4100).Select(i => new TestImage($"{i:D5}.png", i + 1, "empty", false, [], []))];
        var job = new TestJob(images, [4000, 100], annotated: false);
        job.Reduce();
        using JsonDocument second = JsonDocument.Parse(job.Text("index/00000001.json"));
        Assert.Equal(4096, second.RootElement.GetProperty("first").GetInt64());
        Assert.Equal(["04096.png", "04097.png", "04098.png", "04099.png"], second.RootElement.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("image").GetString()));
        Assert.Contains("[{\"first\":\"00000.png\",\"last\":\"04095.png\"},{\"first\":\"04096.png\",\"last\":\"04099.png\"}]", job.Text("index/index.json"), StringComparison.Ordinal);
        Assert.Contains("{\"cause\":\"empty\",\"count\":4100,\"samples\":[\"00000.png\",\"00001.png\",\"00002.png\",\"00003.png\",\"00004.png\"]}", job.Text("report.json"), StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_longer_than_a_block_come_through_whole()
    {
        string name = new('n', 80);
        TestImage[] images = [.. Enumerable.Range(0, 9000).Select(i => new TestImage($"{i:D5}{name}", i + 1, null, false, [], []))];
        var job = new TestJob(images, [4096, 4096, 808], annotated: false);
        job.Reduce();
        Assert.Equal([.. images.SelectMany(i => i.MaskEntry), .. new byte[1024]], job.Result("masks.tar"));
        Assert.Equal(["result/thumbnails/00000.tar", "result/thumbnails/00001.tar"], job.Names("result/thumbnails/"));
        Assert.Equal([.. images[8192..].SelectMany(i => i.ThumbnailEntry), .. new byte[1024]], job.Result("thumbnails/00001.tar"));
        Assert.Contains($"\"image\":\"08192{name}\"", job.Text("index/00000002.json"), StringComparison.Ordinal);
        Assert.Contains("\"thumbnail\":{\"pack\":1,\"offset\":512,", job.Text("index/00000002.json"), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_in_the_report_cannot_change_the_page()
    {
        var job = new TestJob([new TestImage("a|<b>`c`\u2028[x](y).png", 1, "damaged", false, [], [])], [1], annotated: false);
        job.Reduce();
        Assert.Contains("| damaged | 1 | a\\|\\<b\\>\\`c\\` \\[x\\](y).png |\n", Encoding.UTF8.GetString(job.Result("report.md")), StringComparison.Ordinal);
    }
}
