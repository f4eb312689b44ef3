using MaskRcnn.Client;
using MaskRcnn.Client.Jobs;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Cluster.Tests.Processes;

[Collection(ProcessTests.Name)]
public sealed class StopTests(SharedCluster cluster)
{
    [Fact]
    public async Task A_second_up_on_a_folder_is_refused_until_the_first_is_gone()
    {
        UpProcess up = await cluster.UpAsync();
        Cli second = (await Cli.RunAsAsync(cluster.StateHome, "up", "--data", cluster.Data, "--json")).Exits(1);
        Assert.Equal("in_use", second.Json.GetProperty("error").GetProperty("code").GetString());
        string message = second.Json.GetProperty("error").GetProperty("message").GetString()!;
        Assert.Contains(cluster.Data, message, StringComparison.Ordinal);
        Assert.Contains($"process {up.Id}", message, StringComparison.Ordinal);

        await up.KillEverythingAsync();
        await cluster.UpAsync();
    }

    [Fact]
    public async Task Children_end_within_10_seconds_of_losing_their_supervisor()
    {
        UpProcess up = await cluster.UpAsync();
        await ProcessGroup.SignalAsync("KILL", up.Id);
        await Patience.UntilAsync("the children are gone", () => up.Members.Count == 0, () => Task.FromResult(up.Explain()), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public Task SIGTERM_ends_everything_in_good_order() => Stops_in_good_order(up => up.SignalAsync("TERM"));

    /// <summary>A terminal sends it to all processes of the group; only the supervisor decides what that means.</summary>
    [Fact]
    public Task Ctrl_C_ends_everything_in_good_order() => Stops_in_good_order(up => up.SignalGroupAsync("INT"));

    private async Task Stops_in_good_order(Func<UpProcess, Task<int>> stop)
    {
        UpProcess up = await cluster.UpAsync();
        JobHandle job;
        await using (MaskRcnnClient client = await up.ConnectAsync())
        {
            job = await cluster.SubmitAsync(client);
            await SharedCluster.MiddleAsync(up, job);
        }
        // To be stopped is how a server ends well.
        int code = await stop(up);
        Assert.True(code == 0, $"Exit code {code}, expected 0.\n{up.Explain()}");
        Assert.True(up.Members.Count == 0, $"The supervisor has ended; expected that its children ended before it.\n{up.Explain()}");
        Assert.Contains("stopped; 'maskrcnn up' on the same folder goes on with its jobs.", up.Said, StringComparison.Ordinal);
        int committed = SharedCluster.Commits(job);
        Assert.True(committed < SharedCluster.Shards, "The job was over before it was disturbed; expected that it was in the middle.");

        up = await cluster.UpAsync();
        await using MaskRcnnClient again = await up.ConnectAsync();
        job = await again.GetJobAsync(job.Id);
        JobDescription description = await job.DescribeAsync();
        (await SharedCluster.EndAsync(up, again, job, "the job ends after its cluster was stopped and started")).AreThoseOf(cluster.Undisturbed);
        // What was in work was finished, or cut; what was not begun was given back. None is suspected.
        Assert.True(description.FailedAttempts.All(attempt => attempt.How == "released"), string.Join('\n', description.FailedAttempts));
        string attempts = await File.ReadAllTextAsync(Path.Combine(job.Output, "result/attempts.jsonl"));
        Assert.DoesNotContain("\"suspicion\":true", attempts, StringComparison.Ordinal);
    }
}
