using System.Text.Json;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Client.Connection;
using MaskRcnn.Client.Exports;
using MaskRcnn.Client.Library.Tests.Fakes;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Storage.Local;

namespace MaskRcnn.Client.Tests.Jobs;

public sealed class ExportCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("maskrcnn-test-").FullName;

    private string Output => Path.Combine(_folder, "export");

    [Theory]
    [InlineData("coco", "instances.json", 1)]
    [InlineData("yolo", "data.yaml", 6)]
    [InlineData("panoptic", "panoptic.json", 6)]
    [InlineData("parquet", "detections.parquet", 1)]
    [InlineData("png-masks", "instances.jsonl", 6)]
    public async Task A_job_of_the_cluster_is_exported(string format, string file, int files)
    {
        FakeCluster cluster = await EndedAsync();
        JsonElement json = JobRun.Of(cluster, "job", "export", "photos", "--format", format, "--output", Output, "--json").Exits(0).Json;
        Assert.Equal((format, file, 5, 1, files), (Text(json, "format"), Text(json, "file"), Number(json, "images"), Number(json, "failed"), Number(json, "files")));
        Assert.Equal(files, json.GetProperty("files").GetInt32());
        Assert.True(File.Exists(Path.Combine(Output, file)));
        Assert.True(File.Exists(Path.Combine(Output, "export.json")));
    }

    [Fact]
    public async Task A_jobs_folder_is_exported_without_a_cluster()
    {
        await DrawnResult.Small().WriteAsync(new LocalBlobStore(Path.Combine(_folder, "job")));
        string text = WithoutCluster("job", "export", Path.Combine(_folder, "job"), "--format", "yolo", "--output", Output).Exits(0).Out;
        Assert.Contains($"6 detections in 5 images, as yolo: {Output}/data.yaml", text, StringComparison.Ordinal);
        Assert.Contains("1 images of the job have no result", text, StringComparison.Ordinal);
        Assert.Contains("1 detections have several parts", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exported_data_set_is_valid_for_our_own_tools()
    {
        await DrawnResult.Small().WriteAsync(new LocalBlobStore(Path.Combine(_folder, "job")));
        WithoutCluster("job", "export", Path.Combine(_folder, "job"), "--format", "coco", "--output", Output, "--score-threshold", "0.2").Exits(0);
        JsonElement report = CommandRun.Of("coco", "validate", "--input", Path.Combine(Output, "instances.json"), "--json").Exits(0).Json;
        Assert.Equal((0, 0), (Number(report, "errors"), Number(report, "warnings")));
    }

    [Fact]
    public async Task What_is_there_is_replaced_only_when_asked()
    {
        FakeCluster cluster = await EndedAsync();
        string[] export = ["job", "export", "photos", "--format", "coco", "--output", Output, "--json"];
        JobRun.Of(cluster, export).Exits(0);
        Assert.Equal(1, Number(JobRun.Of(cluster, export).Exits(0).Json, "unchanged"));
        Assert.Equal("file_exists", Code(JobRun.Of(cluster, [.. export, "--category", "nucleus"]).Exits(1)));
        Assert.Equal(5, Number(JobRun.Of(cluster, [.. export, "--category", "nucleus", "--overwrite"]).Exits(0).Json, "detections"));
    }

    [Fact]
    public async Task What_cannot_be_exported_says_why()
    {
        FakeCluster cluster = await EndedAsync(new DrawnResult(new DrawnImage("a.png", 1, 4, 4, [new DrawnInstance(1, .5, null, [0, 0, 1, 1])])) { IouTypes = ["bbox"] });
        Assert.Equal("cannot_export", Code(JobRun.Of(cluster, "job", "export", "photos", "--format", "panoptic", "--output", Output, "--json").Exits(1)));
        Assert.Contains("'nothing'", JobRun.Of(cluster, "job", "export", "photos", "--format", "coco", "--output", Output, "--category", "nothing").Exits(2).Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public void A_job_that_has_not_ended_and_a_folder_without_a_result_have_nothing_to_export()
    {
        Assert.Equal("results_not_ready", Code(JobRun.Of(new FakeCluster(), "job", "export", "photos", "--format", "coco", "--output", Output, "--json").Exits(1)));
        Assert.Equal("results_not_ready", Code(WithoutCluster("job", "export", _folder, "--format", "coco", "--output", Output, "--json").Exits(1)));
        Assert.Equal("not_found", Code(WithoutCluster("job", "export", "./nowhere", "--format", "coco", "--output", Output, "--json").Exits(1)));
        Assert.Equal("no_cluster", Code(WithoutCluster("job", "export", "photos", "--format", "coco", "--output", Output, "--json").Exits(1)));
    }

    [Theory]
    [InlineData("--format", "tiff", "--output", "x")]
    [InlineData("--format", "coco")]
    [InlineData("--output", "x")]
    [InlineData("--format", "coco", "--output", "")]
    [InlineData("--format", "coco", "--output", "x", "--score-threshold", "2")]
    [InlineData("--format", "coco", "--output", "x", "--category", ",")]
    public void A_wrong_command_line_exits_with_2(params string[] options) => WithoutCluster(["job", "export", "photos", .. options]).Exits(2);

    [Fact]
    public void Every_command_of_the_page_parses_and_every_format_has_its_place()
    {
        string[] lines = File.ReadAllLines(Repository.File("docs/export.md"));
        string[] commands = [.. lines.Where(line => line.StartsWith("maskrcnn ", StringComparison.Ordinal))];
        Assert.NotEmpty(commands);
        foreach (string command in commands) Assert.Empty(MaskRcnnCommand.Create().Parse(command.Split(' ')[1..]).Errors);
        Assert.Equal(ExportFormats.All.Order(StringComparer.Ordinal), lines.Where(line => line.StartsWith("### ", StringComparison.Ordinal)).Select(line => line[4..]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_output_that_is_a_file_exits_with_2()
    {
        File.WriteAllText(Output, "");
        Assert.Contains("is a file", WithoutCluster("job", "export", "photos", "--format", "coco", "--output", Output).Exits(2).Error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static CommandRun WithoutCluster(params string[] arguments) => CommandRun.Of((_, _, _, _) => throw new ClusterUnavailableException("here", "nothing is there"), arguments);

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private static string? Code(CommandRun run) => Text(run.Json.GetProperty("error"), "code");

    private static async Task<FakeCluster> EndedAsync(DrawnResult? result = null)
    {
        var cluster = new FakeCluster();
        cluster.Statuses[0] = FakeCluster.Running with { State = JobState.CompletedWithErrors };
        await (result ?? DrawnResult.Small()).WriteAsync(cluster.Store);
        return cluster;
    }
}
