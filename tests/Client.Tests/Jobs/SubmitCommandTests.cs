using System.Text.Json;
using MaskRcnn.Client.Library.Tests.Fakes;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Client.Tests.Jobs;

public sealed class SubmitCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("maskrcnn-test-").FullName;
    private readonly FakeCluster _cluster = new();

    public SubmitCommandTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "images"));
        File.WriteAllText(Path.Combine(_folder, "model"), "");
        File.WriteAllText(Path.Combine(_folder, "gt.json"), "");
    }

    [Fact]
    public void The_document_of_a_submission_has_these_members_and_no_others()
    {
        CommandRun run = Submit("--name", "photos", "--json").Exits(0);
        Assert.Equal(["schema", "job", "name", "created", "output"], run.Json.EnumerateObject().Select(m => m.Name));
        Assert.Equal(FakeCluster.Job, run.Json.GetProperty("job").GetString());
        Assert.Equal("photos", run.Json.GetProperty("name").GetString());
        Assert.Equal(FakeCluster.Then, run.Json.GetProperty("created").GetDateTimeOffset());
        Assert.Equal(Path.Combine(_folder, "out", FakeCluster.Job), run.Json.GetProperty("output").GetString());
    }

    [Fact]
    public void Every_option_reaches_the_cluster()
    {
        Submit(
            "--annotations", Path.Combine(_folder, "gt.json"), "--name", "n", "--shard-size", "7", "--score-threshold", "0.25", "--max-dets", "100,1,10", "--max-failure-rate", "0.5", "--priority", "-3",
            "--pattern", "a/*.png", "--limit", "9", "--precision", "bf16", "--png", "--keep-parts", "always", "--deterministic", "--batch-size", "2", "--image-seconds", "1.5", "--no-thumbnails",
            "--source", "folder", "--images-root", _folder).Exits(0);
        Assert.Equivalent(
            new JobSpecification
            {
                Images = Path.Combine(_folder, "images"), Model = Path.Combine(_folder, "model"), Output = Path.Combine(_folder, "out"), Annotations = Path.Combine(_folder, "gt.json"), Name = "n",
                ShardSize = 7, ScoreThreshold = .25, EvaluationLimits = [1, 10, 100], MaxFailureRate = .5, Priority = -3, Pattern = "a/*.png", Limit = 9, Precision = "bf16", Png = true,
                KeepParts = true, Deterministic = true, BatchSize = 2, ImageSeconds = 1.5, Thumbnails = false, Source = "folder", ImagesRoot = _folder,
            },
            _cluster.Submitted, strict: true);
    }

    [Fact]
    public void Options_left_out_are_left_to_the_cluster()
    {
        Submit().Exits(0);
        var expected = new JobSpecification { Images = Path.Combine(_folder, "images"), Model = Path.Combine(_folder, "model"), Output = Path.Combine(_folder, "out") };
        Assert.Equal(expected, _cluster.Submitted);
    }

    [Fact]
    public void Local_paths_become_absolute_and_URIs_stay_as_they_are()
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, _folder);
        JobRun.Of(_cluster, "job", "submit", "--images", "az://container/images", "--model", Path.Combine(relative, "model"), "--output", relative + "/new/").Exits(0);
        Assert.Equal("az://container/images", _cluster.Submitted!.Images);
        Assert.Equal(Path.Combine(_folder, "model"), _cluster.Submitted.Model);
        Assert.Equal(Path.Combine(_folder, "new") + "/", _cluster.Submitted.Output);
    }

    [Theory]
    [InlineData("--images", "nowhere", "does not exist; expected a folder")]
    [InlineData("--images", "model", "is a file; expected a folder")]
    [InlineData("--images-root", "nowhere", "does not exist; expected a folder")]
    [InlineData("--images-root", "model", "is a file; expected a folder")]
    [InlineData("--model", "nowhere", "does not exist; expected a file")]
    [InlineData("--model", "images", "is a folder; expected a file")]
    [InlineData("--annotations", "nowhere", "does not exist; expected a file")]
    public void Local_input_that_is_not_there_is_refused_without_a_cluster(string option, string name, string expected)
    {
        Dictionary<string, string> inputs = new() { ["--images"] = "images", ["--model"] = "model", ["--output"] = "out", [option] = name };
        string[] arguments = ["job", "submit", "--json", .. inputs.SelectMany(i => new[] { i.Key, Path.Combine(_folder, i.Value) })];
        JsonElement error = CommandRun.Of((_, _, _, _) => throw new InvalidOperationException("No cluster was needed."), arguments).Exits(1).Json.GetProperty("error");
        Assert.Equal("not_found", error.GetProperty("code").GetString());
        Assert.Contains(expected, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(Path.Combine(_folder, name), error.GetProperty("details").GetProperty("file").GetString());
    }

    [Fact]
    public void Images_may_be_a_file_that_is_known_by_its_ending_or_by_what_is_said()
    {
        string list = Path.Combine(_folder, "list.txt"), model = Path.Combine(_folder, "model");
        File.WriteAllText(list, "");
        JobRun.Of(_cluster, "job", "submit", "--images", list, "--model", model, "--output", _folder).Exits(0);
        Assert.Equal((list, null), (_cluster.Submitted!.Images, _cluster.Submitted.Source));
        JobRun.Of(_cluster, "job", "submit", "--images", model, "--source", "tar", "--model", model, "--output", _folder).Exits(0);
        Assert.Equal((model, "tar"), (_cluster.Submitted!.Images, _cluster.Submitted.Source));
        Assert.Contains("say what it is by --source", JobRun.Of(_cluster, "job", "submit", "--images", model, "--model", model, "--output", _folder).Exits(1).Error, StringComparison.Ordinal);
        JobRun.Of(_cluster, "job", "submit", "--images", list, "--source", "folder", "--model", model, "--output", _folder).Exits(1);
        JobRun.Of(_cluster, "job", "submit", "--images", list, "--source", "zip", "--model", model, "--output", _folder).Exits(2);
    }

    [Theory]
    [InlineData("--shard-size", "0")]
    [InlineData("--shard-size", "4097")]
    [InlineData("--score-threshold", "1.5")]
    [InlineData("--score-threshold", "NaN")]
    [InlineData("--max-dets", "0,1")]
    [InlineData("--max-dets", "1,1")]
    [InlineData("--max-dets", "many")]
    [InlineData("--max-failure-rate", "-0.1")]
    [InlineData("--limit", "0")]
    [InlineData("--precision", "fp8")]
    [InlineData("--batch-size", "0")]
    [InlineData("--image-seconds", "0")]
    [InlineData("--name", " ")]
    [InlineData("--annotations", "")]
    public void A_value_that_cannot_be_exits_with_2(string option, string value) => Assert.Contains(option, Submit(option, value).Exits(2).Error, StringComparison.Ordinal);

    [Fact]
    public void Dry_run_and_watch_do_not_go_together() => Submit("--dry-run", "--watch").Exits(2);

    [Fact]
    public void A_dry_run_prints_what_would_be_done_and_starts_nothing()
    {
        _cluster.DryRuns.Enqueue(new DryRunReport { Done = false, Images = 1 });
        _cluster.DryRuns.Enqueue(new DryRunReport { Done = true, Images = 3, Bytes = 1500, Shards = 2, ShardSize = 2, NotAnnotated = new NameSample(["x.png"], 1), NotFound = new NameSample(["y.png"], 7), Model = "tiny", ModelSha256 = "ab" });
        JsonElement json = Submit("--dry-run", "--json").Exits(0).Json;
        Assert.Equal(3, json.GetProperty("images").GetInt64());
        Assert.Equal(1, json.GetProperty("notAnnotated").GetProperty("count").GetInt64());
        Assert.Equal(7, json.GetProperty("notFound").GetProperty("count").GetInt64());
        Assert.DoesNotContain("submit", _cluster.Calls);
    }

    [Fact]
    public void A_dry_run_with_problems_exits_with_1()
    {
        _cluster.DryRuns.Enqueue(new DryRunReport { Done = true, Problems = ["There is no image."] });
        Assert.Contains("problem: There is no image.", Submit("--dry-run").Exits(1).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void With_watch_and_json_there_is_one_document_at_the_end()
    {
        _cluster.Statuses.Add(FakeCluster.Running with { State = JobState.CompletedWithErrors });
        CommandRun run = Submit("--watch", "--json").Exits(5);
        Assert.Equal("CompletedWithErrors", run.Json.GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("conflict", "conflict")]
    [InlineData("rejected", "rejected")]
    public void What_the_cluster_refuses_exits_with_1(string kind, string code)
    {
        _cluster.Failures.Enqueue(kind == "conflict" ? new JobConflictException("photos", "limit is 5, asked for 6") : new JobRejectedException("photos", ["The model is none.", "There is no image."]));
        JsonElement error = Submit("--name", "photos", "--json").Exits(1).Json.GetProperty("error");
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal("photos", error.GetProperty("details").GetProperty("job").GetString());
    }

    [Fact]
    public void The_text_says_how_to_follow_the_job() => Assert.Contains("maskrcnn job watch photos", Submit("--name", "photos").Exits(0).Out, StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private CommandRun Submit(params string[] more) => JobRun.Of(
        _cluster, ["job", "submit", "--images", Path.Combine(_folder, "images"), "--model", Path.Combine(_folder, "model"), "--output", Path.Combine(_folder, "out"), .. more]);
}
