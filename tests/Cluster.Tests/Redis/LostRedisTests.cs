using System.Diagnostics;
using MaskRcnn.Client;
using MaskRcnn.Client.Jobs;
using MaskRcnn.Cluster.Tests.Processes;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Silo.Hosting;

namespace MaskRcnn.Cluster.Tests.Redis;

/// <summary>Jobs on a cluster whose coordinators are killed, and whose Redis lies or dies, beside the same job on a cluster without Redis.</summary>
[Collection(ProcessTests.Name)]
public sealed class LostRedisTests(SharedCluster shared) : IAsyncLifetime
{
    /// <summary>From the fault until the job goes on.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maskrcnn-test-");
    private RedisServer _redis = null!;
    private RedisCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _cluster = await RedisCluster.StartAsync(_redis.Settings, _folder.FullName);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
        if (_redis is not null) await _redis.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public Task A_job_goes_on_when_a_coordinator_is_killed() => Disturbed(() =>
    {
        _cluster.Process("coordinator-1").Kill();
        return Task.CompletedTask;
    });

    [Fact]
    public async Task A_job_goes_on_when_Redis_has_forgotten_everything()
    {
        await Disturbed(() =>
        {
            _redis.Ask("FLUSHALL");
            return Task.CompletedTask;
        }, isRestarted: true);
        Assert.Equal(4, _cluster.Ends.Count);
    }

    [Fact]
    public Task A_job_goes_on_when_Redis_is_restarted_without_its_data() => Disturbed(async () =>
    {
        await _redis.KillAsync();
        _redis.LoseData();
        await _redis.StartAgainAsync();
    }, isRestarted: true);

    [Fact]
    public Task A_job_goes_on_when_Redis_is_restored_to_before_it_was_submitted()
    {
        string backup = Path.Combine(_folder.FullName, "backup");
        _redis.BackUp(backup);
        return Disturbed(() => RestoreAsync(backup));
    }

    [Fact]
    public async Task A_job_goes_on_when_Redis_has_lost_its_last_seconds()
    {
        string backup = Path.Combine(_folder.FullName, "backup");
        await Disturbed(() => RestoreAsync(backup), () => _redis.BackUp(backup));
        Assert.Empty(_cluster.Ends);
    }

    [Fact]
    public async Task A_job_goes_on_while_Redis_is_away_and_after_it()
    {
        await using MaskRcnnClient client = await _cluster.ConnectAsync();
        JobHandle job = await SubmitAsync(client);
        await MiddleAsync(job);
        await _redis.KillAsync();
        int then = SharedCluster.Commits(job);
        await Patience.UntilAsync("commits while Redis is away", () => SharedCluster.Commits(job) >= then + 10, () => Task.FromResult(_cluster.Explain()));
        await _redis.StartAgainAsync();
        await EndAsync(job);
        Assert.Empty(_cluster.Ends);
    }

    [Fact]
    public async Task A_paused_job_is_still_paused_when_Redis_has_forgotten_everything()
    {
        await using MaskRcnnClient client = await _cluster.ConnectAsync();
        JobHandle job = await SubmitAsync(client);
        await job.PauseAsync();
        _redis.Ask("FLUSHALL");
        await Patience.UntilAsync("all silos were started again", () => _cluster.Ends.Count >= 4 && _cluster.Running.Count() == 4, () => Task.FromResult(_cluster.Explain()), Recovery);
        await Patience.ForAsync("the job is paused", async () => (await job.GetStatusAsync()).State == JobState.Paused ? "yes" : null, () => Task.FromResult(_cluster.Explain()));
        await job.ResumeAsync();
        await EndAsync(job);
        await Patience.UntilAsync("no grain state is left of a job that has ended", () => _redis.Ask("KEYS", "maskrcnn/*/state/*").Count == 0, () => Task.FromResult(_cluster.Explain()));
    }

    [Fact]
    public async Task A_job_whose_pointer_is_lost_is_taken_in_by_its_folder()
    {
        await using MaskRcnnClient client = await _cluster.ConnectAsync();
        JobHandle job = await SubmitAsync(client);
        await MiddleAsync(job);
        // Another cluster, and another state root, to which nobody has told anything.
        await _cluster.DisposeAsync();
        Directory.Delete(Path.Combine(_folder.FullName, "state"), recursive: true);
        _redis.Ask("FLUSHALL");
        _cluster = await RedisCluster.StartAsync(_redis.Settings, _folder.FullName);
        await using MaskRcnnClient other = await _cluster.ConnectAsync();
        await Assert.ThrowsAsync<JobNotFoundException>(() => other.GetJobAsync(job.Id));
        await Assert.ThrowsAsync<JobRejectedException>(() => other.RecoverAsync(new JobRecovery { Output = _folder.FullName }));
        JobHandle recovered = await other.RecoverAsync(new JobRecovery { Output = job.Output });
        Assert.Equal((job.Id, job.Name, false), (recovered.Id, recovered.Name, recovered.Existed));
        Assert.True((await other.RecoverAsync(new JobRecovery { Output = job.Output })).Existed);
        await EndAsync(recovered);
    }

    private async Task RestoreAsync(string backup)
    {
        await _redis.KillAsync();
        _redis.Restore(backup);
        await _redis.StartAgainAsync();
    }

    /// <summary>A job that is disturbed in its middle goes on in time, and has the result of one that nothing disturbed.</summary>
    private async Task Disturbed(Func<Task> disturb, Action? atFirstCommits = null, bool isRestarted = false)
    {
        await using MaskRcnnClient client = await _cluster.ConnectAsync();
        JobHandle job = await SubmitAsync(client);
        await MiddleAsync(job);
        if (atFirstCommits is not null)
        {
            atFirstCommits();
            int then = SharedCluster.Commits(job);
            await Patience.UntilAsync("more commits", () => SharedCluster.Commits(job) >= then + 4, () => Task.FromResult(_cluster.Explain()));
        }
        await disturb();
        int committed = SharedCluster.Commits(job);
        long start = Stopwatch.GetTimestamp();
        Assert.True(committed < SharedCluster.Shards, $"The job had all of its {SharedCluster.Shards} commits before it was disturbed; expected that it was in the middle.");
        // Commits that were on their way do not count.
        if (isRestarted) await Patience.UntilAsync("all silos have ended with their code", () => _cluster.Ends.Count(end => end.ExitCode == SiloExitCode.NotAMember) == 4, () => Task.FromResult(_cluster.Explain()), TimeSpan.FromSeconds(30));
        committed = SharedCluster.Commits(job);
        await Patience.UntilAsync("the next commit", () => (isRestarted && committed == SharedCluster.Shards) || SharedCluster.Commits(job) > committed, () => Task.FromResult(_cluster.Explain()), Recovery);
        TestContext.Current.TestOutputHelper?.WriteLine($"the next commit came {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s after {committed} of {SharedCluster.Shards}");
        await EndAsync(job);
    }

    private Task<JobHandle> SubmitAsync(MaskRcnnClient client) => shared.SubmitAsync(client, Path.Combine(_folder.FullName, "results"));

    private Task MiddleAsync(JobHandle job) => Patience.UntilAsync("the job's first commits", () => SharedCluster.Commits(job) >= 2, () => Task.FromResult(_cluster.Explain()));

    private async Task EndAsync(JobHandle job)
    {
        JobStatus end = await Patience.ForAsync(
            "the job ends", async () => await job.GetStatusAsync() is { } status && status.State.IsFinal() ? status : null, () => Task.FromResult(_cluster.Explain()));
        Assert.True(end.State == JobState.CompletedWithErrors, $"{end}\n{_cluster.Explain()}");
        ResultFiles.Read(job).AreThoseOf(shared.Undisturbed);
    }
}
