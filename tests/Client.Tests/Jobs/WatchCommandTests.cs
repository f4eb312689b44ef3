using System.Text.Json;
using MaskRcnn.Client.Library.Tests.Fakes;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Client.Tests.Jobs;

public sealed class WatchCommandTests
{
    private static readonly string[] Members = ["schema", "job", "name", "state", "generation", "images", "imagesPerSecond", "etaSeconds", "stats", "reason", "deadline", "devices"];

    private readonly FakeCluster _cluster = new();

    [Theory]
    [InlineData(JobState.Succeeded, 0)]
    [InlineData(JobState.CompletedWithErrors, 5)]
    [InlineData(JobState.Failed, 5)]
    [InlineData(JobState.Cancelled, 3)]
    public void The_exit_code_says_how_the_job_ended(JobState end, int code)
    {
        foreach (string[] form in (string[][])[[], ["--json"], ["--jsonl"]])
        {
            var cluster = new FakeCluster();
            cluster.Statuses.AddRange([FakeCluster.Running, FakeCluster.Running with { State = end }]);
            JobRun.Of(cluster, ["job", "watch", "photos", .. form]).Exits(code);
        }
    }

    [Fact]
    public void Json_waits_and_prints_one_document()
    {
        _cluster.Statuses.AddRange([FakeCluster.Running, FakeCluster.Running, Ended]);
        JsonElement json = JobRun.Of(_cluster, "job", "watch", "photos", "--json").Exits(0).Json;
        Assert.Equal(Members, json.EnumerateObject().Select(m => m.Name));
        Assert.Equal("Succeeded", json.GetProperty("state").GetString());
        Assert.Equal(["total", "listingDone", "done", "failed", "left"], json.GetProperty("images").EnumerateObject().Select(m => m.Name));
        Assert.Equal("""{"bbox":{"AP":0.5},"segm":{"AP":-1}}""", json.GetProperty("stats").GetRawText());
    }

    [Fact]
    public void Jsonl_prints_a_document_for_every_change()
    {
        _cluster.Statuses.AddRange([FakeCluster.Running, FakeCluster.Running with { Images = new ImageCounts(10, 5, 1) }, FakeCluster.Running with { Images = new ImageCounts(10, 5, 1), Updated = FakeCluster.Then.AddSeconds(9) }, Ended]);
        string[] lines = JobRun.Of(_cluster, "job", "watch", "photos", "--jsonl").Exits(0).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([4, 5, 9], lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("images").GetProperty("done").GetInt64()));
        Assert.All(lines, line => Assert.Equal(Members, JsonDocument.Parse(line).RootElement.EnumerateObject().Select(m => m.Name)));
    }

    [Theory]
    [InlineData(1, "result")]
    [InlineData(3, "result-3")]
    public void At_the_end_it_says_where_the_result_is(int generation, string folder)
    {
        _cluster.Statuses.AddRange([FakeCluster.Running, Ended with { Generation = generation }]);
        Assert.Contains($"Result   {FakeCluster.Running.Output}/{folder}\n", JobRun.Of(_cluster, "job", "watch", "photos").Exits(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_and_jsonl_do_not_go_together() => JobRun.Of(_cluster, "job", "watch", "photos", "--json", "--jsonl").Exits(2);

    [Fact]
    public void The_status_of_a_running_job_has_the_members_of_the_watch_and_counts_that_sum()
    {
        JsonElement json = JobRun.Of(_cluster, "job", "status", FakeCluster.Job, "--json").Exits(0).Json;
        Assert.Equal(Members, json.EnumerateObject().Select(m => m.Name));
        JsonElement images = json.GetProperty("images");
        Assert.Equal((10, 4, 1, 5), (images.GetProperty("total").GetInt64(), images.GetProperty("done").GetInt64(), images.GetProperty("failed").GetInt64(), images.GetProperty("left").GetInt64()));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("stats").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("reason").ValueKind);
        Assert.Equal(2, json.GetProperty("etaSeconds").GetDouble());
    }

    [Fact]
    public void Without_a_terminal_a_line_comes_about_every_ten_seconds()
    {
        // 60 answers, a second apart, of one state.
        _cluster.Statuses.AddRange([.. Enumerable.Repeat<object>(FakeCluster.Running, 60), Ended]);
        CommandRun run = JobRun.Of(_cluster, "job", "watch", "photos").Exits(0);
        string[] lines = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(lines.Length, 5, 15);
        Assert.StartsWith("Running: 4 done, 1 failed, 5 left of 10, 2.50 images/s, 00:00:02 left", lines[0], StringComparison.Ordinal);
        Assert.Contains("last update", lines[0], StringComparison.Ordinal);
        Assert.DoesNotContain('\r', run.Error);
    }

    [Fact]
    public void At_the_end_stand_the_counts_the_AP_and_where_the_result_is()
    {
        _cluster.Statuses.Add(Ended);
        string text = JobRun.Of(_cluster, "job", "watch", "photos").Exits(0).Out;
        Assert.Contains("9 done, 1 failed, 0 left of 10", text, StringComparison.Ordinal);
        Assert.Contains("bbox 0.5000", text, StringComparison.Ordinal);
        Assert.Contains($"/out/{FakeCluster.Job}/result", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cluster_that_goes_away_and_comes_back_is_said_and_survived()
    {
        _cluster.Statuses.AddRange([FakeCluster.Running, new TimeoutException("lost"), new TimeoutException("lost"), Ended]);
        Assert.Contains("trying again for 120 s", JobRun.Of(_cluster, "job", "watch", "photos").Exits(0).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cluster_that_does_not_come_back_exits_with_1()
    {
        _cluster.Statuses.AddRange([FakeCluster.Running, new TimeoutException("lost")]);
        JsonElement error = JobRun.Of(_cluster, "job", "watch", "photos", "--json").Exits(1).Json.GetProperty("error");
        Assert.Equal("no_cluster", error.GetProperty("code").GetString());
        Assert.Contains("maskrcnn up", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_reason_from_afar_cannot_steer_the_terminal()
    {
        _cluster.Statuses.Add(Ended with { State = JobState.Failed, Reason = "\e[2Jgone" });
        Assert.DoesNotContain('\e', JobRun.Of(_cluster, "job", "watch", "photos").Exits(5).Out);
    }

    private static JobStatus Ended => FakeCluster.Running with
    {
        State = JobState.Succeeded, Images = new ImageCounts(10, 9, 1), AveragePrecision = new Dictionary<string, double> { ["segm"] = double.NaN, ["bbox"] = .5 }, Finished = FakeCluster.Then,
    };
}
