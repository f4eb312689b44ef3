using System.Text.Json;
using MaskRcnn.Client.Connection;
using MaskRcnn.Client.Library.Tests.Fakes;
using MaskRcnn.Grains.Dispatch;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Workers;

namespace MaskRcnn.Client.Tests.Jobs;

public sealed class JobCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("maskrcnn-test-").FullName;

    [Theory]
    [InlineData("pause", "Paused")]
    [InlineData("resume", "Running")]
    [InlineData("cancel", "Cancelled")]
    public void Control_commands_print_the_status_after_them(string command, string state)
    {
        var cluster = new FakeCluster();
        Assert.Equal(state, JobRun.Of(cluster, "job", command, "photos", "--json").Exits(0).Json.GetProperty("state").GetString());
        Assert.Contains(command, cluster.Calls);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("watch")]
    [InlineData("describe")]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("cancel")]
    [InlineData("retry")]
    [InlineData("results")]
    [InlineData("delete")]
    public void A_job_that_is_not_there_exits_with_1_and_is_named(string command)
    {
        JsonElement error = JobRun.Of(new FakeCluster(), "job", command, "nothing", "--json").Exits(1).Json.GetProperty("error");
        Assert.Equal("not_found", error.GetProperty("code").GetString());
        Assert.Equal("nothing", error.GetProperty("details").GetProperty("job").GetString());
        Assert.Contains("maskrcnn job list", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_job_that_has_ended_cannot_be_paused()
    {
        var cluster = new FakeCluster { Ended = true };
        CommandRun run = JobRun.Of(cluster, "job", "pause", "photos", "--json").Exits(1);
        Assert.Equal("job_state", run.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("Succeeded", run.Json.GetProperty("error").GetProperty("details").GetProperty("state").GetString());
    }

    [Fact]
    public void Retry_prints_the_status_of_the_new_generation()
    {
        var cluster = new FakeCluster();
        Assert.Equal(2, JobRun.Of(cluster, "job", "retry", "photos", "--failed", "--json").Exits(0).Json.GetProperty("generation").GetInt32());
        Assert.True(cluster.RetriedFailed);
        Assert.Contains("generation 2", JobRun.Of(cluster, "job", "retry", "photos").Exits(0).Out, StringComparison.Ordinal);
        Assert.False(cluster.RetriedFailed);
    }

    [Fact]
    public void Delete_keeps_the_output_unless_asked()
    {
        var cluster = new FakeCluster();
        Assert.Contains("stays", JobRun.Of(cluster, "job", "delete", "photos").Exits(0).Out, StringComparison.Ordinal);
        Assert.False(cluster.DeletedWithOutput);
        Assert.Contains("--yes", JobRun.Of(cluster, "job", "delete", "photos", "--outputs").Exits(2).Error, StringComparison.Ordinal);
        Assert.Contains("--outputs", JobRun.Of(cluster, "job", "delete", "photos", "--yes").Exits(2).Error, StringComparison.Ordinal);
        Assert.False(cluster.DeletedWithOutput);
        Assert.True(JobRun.Of(cluster, "job", "delete", "photos", "--outputs", "--yes", "--json").Exits(0).Json.GetProperty("outputDeleted").GetBoolean());
        Assert.True(cluster.DeletedWithOutput);
    }

    [Fact]
    public void The_list_is_filtered_by_the_cluster_and_limited_here()
    {
        var cluster = new FakeCluster { Jobs = [.. Enumerable.Range(0, 5).Select(i => FakeCluster.Running with { Name = $"job{i}" })] };
        JsonElement json = JobRun.Of(cluster, "job", "list", "--state", "running,Paused", "--name", "jo", "--limit", "3", "--json").Exits(0).Json;
        Assert.Equal(["job0", "job1", "job2"], json.GetProperty("jobs").EnumerateArray().Select(j => j.GetProperty("name").GetString()));
        Assert.True(json.GetProperty("more").GetBoolean());
        Assert.Equal([JobState.Running, JobState.Paused], cluster.Asked!.States);
        Assert.Equal("jo", cluster.Asked.NameContains);
    }

    [Fact]
    public void The_list_is_a_table_for_people()
    {
        string text = JobRun.Of(new FakeCluster(), "job", "list").Exits(0).Out;
        Assert.Matches(@"photos\s+Running\s+4\s+10\s+1\s+2\.50\s+0 s", text);
        Assert.Contains("no such jobs", JobRun.Of(new FakeCluster { Jobs = [] }, "job", "list").Exits(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_state_can_be_filtered_by_and_no_other()
    {
        JobRun.Of(new FakeCluster(), "job", "list", "--state", string.Join(',', Enum.GetNames<JobState>())).Exits(0);
        Assert.StartsWith(
            "error: --state: 'Waiting' is not one of Created, Listing, Running, Paused, Reducing, Succeeded, CompletedWithErrors, Failed, Cancelled. See ",
            JobRun.Of(new FakeCluster(), "job", "list", "--state", "Waiting").Exits(2).Error, StringComparison.Ordinal);
        Assert.StartsWith("error: --state: the list is empty; expected one of Created, ", JobRun.Of(new FakeCluster(), "job", "list", "--state", ",").Exits(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Workers_are_listed()
    {
        var cluster = new FakeCluster { Workers = [new WorkerReport { Worker = "S127.0.0.1:11111:1/cpu", Host = "h", ProcessId = 7, Device = "cpu", LastHeartbeat = FakeCluster.Then, State = "working" }] };
        JsonElement worker = JobRun.Of(cluster, "worker", "list", "--json").Exits(0).Json.GetProperty("workers")[0];
        Assert.Equal((7, "cpu", "working"), (worker.GetProperty("processId").GetInt32(), worker.GetProperty("device").GetString(), worker.GetProperty("state").GetString()));
        Assert.Matches(@"S127\.0\.0\.1:11111:1/cpu\s+h\s+7\s+cpu\s+working", JobRun.Of(cluster, "worker", "list").Exits(0).Out);
        Assert.Contains("No worker", JobRun.Of(new FakeCluster(), "worker", "list").Exits(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void The_workers_that_are_wanted_are_told_by_pool_with_the_reason()
    {
        var cluster = new FakeCluster { Scaling = [new ScalingSignal("default", 0, 0, 1, 0, "no shard is open"), new ScalingSignal("gpu", 12, 3, 4, 4500, "4500 device-seconds in 400 s")] };
        JsonElement pool = JobRun.Of(cluster, "worker", "wanted", "--pool", "gpu", "--json").Exits(0).Json.GetProperty("pools")[0];
        Assert.Equal((12, 3, 4), (pool.GetProperty("wanted").GetInt32(), pool.GetProperty("busy").GetInt32(), pool.GetProperty("workers").GetInt32()));
        Assert.Contains("gpu: 12 wanted, 3 of 4 busy, 4,500 device-seconds left\n  4500 device-seconds in 400 s", JobRun.Of(cluster, "worker", "wanted").Exits(0).Out, StringComparison.Ordinal);
        Assert.Contains("no job is open", JobRun.Of(new FakeCluster(), "worker", "wanted").Exits(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_status_tells_what_devices_were_held_for_and_what_that_costs()
    {
        var cluster = new FakeCluster { Statuses = { [0] = FakeCluster.Running with { DeviceTime = [new DeviceTime("cuda", 360, 3000, 200, 40)], Deadline = FakeCluster.Then.AddHours(1) } } };
        string text = JobRun.Of(cluster, "job", "status", "photos", "--price-per-hour", "2.5").Exits(0).Out;
        Assert.Contains("cuda 3,600.0 device-seconds: compute 83%, wait 6%, load 10%, lost 1%", text, StringComparison.Ordinal);
        Assert.Contains("cost 2.50 at 2.5 an hour", text, StringComparison.Ordinal);
        JsonElement devices = JobRun.Of(cluster, "job", "status", "photos", "--price-per-hour", "2.5", "--json").Exits(0).Json.GetProperty("devices");
        Assert.Equal((3600.0, 2.5, 40.0), (devices.GetProperty("seconds").GetDouble(), devices.GetProperty("cost").GetDouble(), devices.GetProperty("kinds")[0].GetProperty("lost").GetDouble()));
        Assert.DoesNotContain("cost", JobRun.Of(cluster, "job", "status", "photos").Exits(0).Out, StringComparison.Ordinal);
        Assert.Contains("--price-per-hour -1", JobRun.Of(cluster, "job", "status", "photos", "--price-per-hour", "-1").Exits(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_job_is_submitted_with_its_share_and_deadline()
    {
        var cluster = new FakeCluster();
        JobRun.Of(cluster, "job", "submit", "--images", "az://i/x", "--model", "az://m/m.safetensors", "--output", "az://o/x", "--weight", "2.5", "--tenant", "lab", "--pool", "gpu", "--deadline", "90m", "--max-workers", "8").Exits(0);
        JobSpecification asked = cluster.Submitted!;
        Assert.Equal((2.5, "lab", "gpu", 5400.0, 8), (asked.Weight, asked.Tenant, asked.Pool, asked.DeadlineSeconds, asked.MaxWorkers!.Value));
        Assert.StartsWith("error: --deadline is 'soon'; expected a length of time above 0, such as 90s, 15m, 8h or 7d.",
            JobRun.Of(cluster, "job", "submit", "--images", "az://i/x", "--model", "az://m/m", "--output", "az://o/x", "--deadline", "soon").Exits(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_print_the_numbers_and_the_files()
    {
        FakeCluster cluster = await EndedAsync();
        JsonElement json = JobRun.Of(cluster, "job", "results", "photos", "--json").Exits(0).Json;
        Assert.Equal(.25, json.GetProperty("iouTypes").GetProperty("bbox").GetProperty("stats").GetProperty("AP").GetDouble());
        Assert.Equal(1, json.GetProperty("counts").GetProperty("failed").GetInt32());
        Assert.Contains(json.GetProperty("files").EnumerateArray(), f => f.GetProperty("name").GetString() == "masks.tar");
        string text = JobRun.Of(cluster, "job", "results", "photos").Exits(0).Out;
        Assert.Contains("segm: AP 0.1250", text, StringComparison.Ordinal);
        Assert.Contains("damaged 1", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_are_fetched_and_replaced_only_when_asked()
    {
        FakeCluster cluster = await EndedAsync();
        string target = Path.Combine(_folder, "result");
        JobRun.Of(cluster, "job", "results", "photos", "--output", target).Exits(0);
        Assert.Equal("# Report\n", File.ReadAllText(Path.Combine(target, "report.md")));
        Assert.Equal("file_exists", JobRun.Of(cluster, "job", "results", "photos", "--output", target, "--json").Exits(1).Json.GetProperty("error").GetProperty("code").GetString());
        JobRun.Of(cluster, "job", "results", "photos", "--output", target, "--overwrite").Exits(0);
    }

    [Fact]
    public async Task A_result_that_was_changed_is_not_fetched()
    {
        FakeCluster cluster = await EndedAsync();
        await HandMadeResult.PutAsync(cluster.Store, "masks.tar", "changed");
        CommandRun run = JobRun.Of(cluster, "job", "results", "photos", "--output", Path.Combine(_folder, "result"), "--json").Exits(1);
        Assert.Equal("invalid_file", run.Json.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public void A_job_that_runs_has_no_result_yet()
    {
        JsonElement error = JobRun.Of(new FakeCluster(), "job", "results", "photos", "--json").Exits(1).Json.GetProperty("error");
        Assert.Equal("results_not_ready", error.GetProperty("code").GetString());
    }

    [Fact]
    public void Without_a_cluster_the_error_says_how_to_start_one()
    {
        CommandRun run = CommandRun.Of((_, _, _, _) => throw new ClusterUnavailableException("here", "nothing is there"), ["job", "list", "--json"]).Exits(1);
        Assert.Equal("no_cluster", run.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.Contains("'maskrcnn up'", run.Json.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:99999")]
    [InlineData(" ")]
    public void A_cluster_that_is_no_address_exits_with_2(string cluster) => CommandRun.Of("job", "list", "--cluster", cluster).Exits(2);

    [Fact]
    public void What_is_waited_for_is_said_on_stderr()
    {
        CommandRun run = CommandRun.Of(
            (named, _, onWaiting, _) =>
            {
                onWaiting($"Waiting for {named}.");
                return Task.FromResult(new FakeCluster().Client());
            },
            ["job", "list", "--cluster", "there", "--json"]).Exits(0);
        Assert.Equal("Waiting for there.", run.Error.Trim());
        Assert.Equal(1, run.Json.GetProperty("jobs").GetArrayLength());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<FakeCluster> EndedAsync()
    {
        var cluster = new FakeCluster();
        cluster.Statuses[0] = FakeCluster.Running with { State = JobState.CompletedWithErrors };
        await HandMadeResult.WriteAsync(cluster.Store);
        return cluster;
    }
}
