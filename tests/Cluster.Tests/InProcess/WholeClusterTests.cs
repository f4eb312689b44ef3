using System.Text.Json;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Storage;
using MaskRcnn.Storage.Faults;

namespace MaskRcnn.Cluster.Tests.InProcess;

/// <summary>Clusters that are killed as a whole, that are there twice, or whose stores are in trouble.</summary>
public sealed class WholeClusterTests(UndisturbedRun undisturbed) : IClassFixture<UndisturbedRun>
{
    [Fact]
    public async Task When_everything_is_killed_a_new_cluster_on_the_same_blobs_goes_on_where_it_was()
    {
        var fourth = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var zombies = new TaskCompletionSource();
        int commits = 0;
        Task Hook(StoreStep step)
        {
            if (!step.Name.StartsWith("commits/", StringComparison.Ordinal) || step.After) return Task.CompletedTask;
            int number = Interlocked.Increment(ref commits);
            if (number == 4) fourth.SetResult();
            return number > 3 ? zombies.Task : Task.CompletedTask;
        }
        JobCluster first = await JobCluster.StartAsync(undisturbed.Blobs, wrap: (silo, _, store) => new StoreHook(store, silo, Hook));
        SubmitReceipt job = await first.SubmitAsync(first.Specification() with { Name = "killed" });
        await fourth.Task.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
        await first.KillAllAsync();

        await using JobCluster second = await JobCluster.StartAsync(undisturbed.Blobs);
        await AssertUndisturbedAsync(job, await second.WaitForEndAsync(job));
        zombies.SetResult();
        await first.DisposeAsync();
        Assert.Equal(undisturbed.Result, await undisturbed.Blobs.ResultAsync(job));
    }

    [Fact]
    public async Task Two_clusters_that_do_not_know_of_each_other_make_one_result_of_one_job()
    {
        // The worst duplicate activation: every grain twice, over the same blobs.
        await using JobCluster first = await JobCluster.StartAsync(undisturbed.Blobs, silos: 1);
        SubmitReceipt job = await first.SubmitAsync(first.Specification() with { Name = "twice" });
        await using JobCluster second = await JobCluster.StartAsync(undisturbed.Blobs, silos: 1);
        await AssertUndisturbedAsync(job, await first.WaitForEndAsync(job));
        await AssertUndisturbedAsync(job, await second.WaitForEndAsync(job));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Stores_that_lose_requests_and_answers_cost_time_and_nothing_else(int seed)
    {
        Func<string, string, Fault?> plan = FaultPlans.Seeded(
            seed, .03, FaultKind.RequestLost, FaultKind.AnswerLost, FaultKind.AnswerLostThenFound, FaultKind.Failed, FaultKind.FailedAfter);
        // The model's store is the disk.
        await using JobCluster cluster = await JobCluster.StartAsync(undisturbed.Blobs, wrap: (_, uri, store) =>
            uri is "state" || uri.StartsWith("/blobs/", StringComparison.Ordinal) ? new FaultyBlobStore(store, (what, name) => name == "job.json" || name.StartsWith("names/", StringComparison.Ordinal) || name.StartsWith("jobs/", StringComparison.Ordinal) ? null : plan(what, name)) : store);
        SubmitReceipt job = await SubmitAgainAndAgainAsync(cluster, cluster.Specification() with { Name = $"faults-{seed}" });
        await AssertUndisturbedAsync(job, await cluster.WaitForEndAsync(job));
    }

    [Fact]
    public async Task A_job_that_is_cancelled_in_the_middle_gives_a_result_of_what_is_finished()
    {
        var never = new TaskCompletionSource();
        string? first = null;
        // One shard can be written, the others never.
        await using JobCluster cluster = await JobCluster.StartAsync(undisturbed.Blobs, silos: 1, wrap: (silo, _, store) => new StoreHook(store, silo, step =>
        {
            if (!step.Name.StartsWith("parts/", StringComparison.Ordinal)) return Task.CompletedTask;
            string shard = step.Name.Split('/')[1];
            return (Interlocked.CompareExchange(ref first, shard, null) ?? shard) == shard ? Task.CompletedTask : never.Task;
        }));
        SubmitReceipt job = await cluster.SubmitAsync(cluster.Specification() with { Name = "half-done" });
        JobStatus before = await cluster.WaitAsync(job, "a shard to be done", status => status.ListingDone && status.Images.Done + status.Images.Failed > 0);
        JobStatus cancelled = await cluster.Grains.GetGrain<IJobGrain>(job.Job).Cancel();
        Assert.Equal(JobState.Cancelled, cancelled.State);
        await cluster.WaitAsync(job, "the result of what is finished", status => status.State == JobState.Cancelled && !status.IsWritingResult);
        never.SetResult();
        IBlobStore output = undisturbed.Blobs.Open(job.Output);
        using JsonDocument manifest = JsonDocument.Parse((await output.ReadAsync("result/manifest.json", null, CancellationToken.None)).Data);
        JsonElement counts = manifest.RootElement.GetProperty("counts");
        Assert.True(manifest.RootElement.GetProperty("partial").GetBoolean());
        Assert.Equal(before.Images.Done + before.Images.Failed, counts.GetProperty("done").GetInt64() + counts.GetProperty("failed").GetInt64());
        Assert.Equal(before.Images.Left, counts.GetProperty("notProcessed").GetInt64());
        using JsonDocument index = JsonDocument.Parse((await output.ReadAsync("result/index/index.json", null, CancellationToken.None)).Data);
        Assert.Equal(before.Images.Done + before.Images.Failed, index.RootElement.GetProperty("rows").GetInt64());
        // Its parts stay: the rest may be done later.
        Assert.True(manifest.RootElement.GetProperty("partsKept").GetBoolean());
    }

    [Fact]
    public async Task A_cancelled_job_of_which_nothing_is_finished_gives_no_result()
    {
        var work = new TaskCompletionSource();
        await using JobCluster cluster = await JobCluster.StartAsync(undisturbed.Blobs, silos: 1, wrap: (silo, _, store) =>
            new StoreHook(store, silo, step => step.Name.StartsWith("parts/", StringComparison.Ordinal) ? work.Task : Task.CompletedTask));
        SubmitReceipt job = await cluster.SubmitAsync(cluster.Specification() with { Name = "cancelled" });
        await cluster.WaitAsync(job, "its listing", status => status.ListingDone);
        JobStatus cancelled = await cluster.Grains.GetGrain<IJobGrain>(job.Job).Cancel();
        work.SetResult();
        Assert.Equal(JobState.Cancelled, cancelled.State);
        Assert.Equal(JobState.Cancelled, (await cluster.Grains.GetGrain<IJobGrain>(job.Job).Cancel()).State);
        JobStateException refused = await Assert.ThrowsAsync<JobStateException>(() => cluster.Grains.GetGrain<IJobGrain>(job.Job).Resume());
        Assert.Equal(JobState.Cancelled, refused.State);
        Assert.Null(await undisturbed.Blobs.Open(job.Output).FindAsync("result/manifest.json", CancellationToken.None));
    }

    [Fact]
    public async Task A_paused_job_gives_no_shard_until_it_is_resumed()
    {
        var listing = new TaskCompletionSource();
        await using JobCluster cluster = await JobCluster.StartAsync(undisturbed.Blobs, silos: 1, wrap: (silo, _, store) =>
            new StoreHook(store, silo, step => step.Name.StartsWith("segments/", StringComparison.Ordinal) ? listing.Task : Task.CompletedTask));
        SubmitReceipt job = await cluster.SubmitAsync(cluster.Specification() with { Name = "paused" });
        IJobGrain grain = cluster.Grains.GetGrain<IJobGrain>(job.Job);
        Assert.Equal(JobState.Paused, (await grain.Pause()).State);
        listing.SetResult();
        JobStatus listed = await cluster.WaitAsync(job, "its listing", status => status.ListingDone);
        Assert.Equal((JobState.Paused, 0, 200), (listed.State, listed.Images.Done, listed.Images.Left));
        await grain.Resume();
        await AssertUndisturbedAsync(job, await cluster.WaitForEndAsync(job));
    }

    [Fact]
    public async Task The_same_name_with_the_same_parameters_is_the_same_job_and_with_others_an_error_that_names_them()
    {
        await using JobCluster cluster = await JobCluster.StartAsync(undisturbed.Blobs, silos: 1);
        SubmitReceipt first = await cluster.SubmitAsync(cluster.Specification() with { Name = "named" });
        Assert.False(first.Existed);
        SubmitReceipt again = await cluster.SubmitAsync(cluster.Specification() with { Name = "named" });
        Assert.Equal((first.Job, first.Created, true), (again.Job, again.Created, again.Existed));
        JobConflictException conflict = await Assert.ThrowsAsync<JobConflictException>(() => cluster.SubmitAsync(cluster.Specification() with { Name = "named", Limit = 7 }));
        Assert.Contains("limit", conflict.Difference, StringComparison.Ordinal);
        JobRejectedException rejected = await Assert.ThrowsAsync<JobRejectedException>(() => cluster.SubmitAsync(cluster.Specification() with { Name = "bad", Images = "/blobs/none", Model = "/nowhere/model.safetensors" }));
        Assert.Equal(2, rejected.Problems.Count);
        await cluster.WaitForEndAsync(first);
    }

    private static async Task<SubmitReceipt> SubmitAgainAndAgainAsync(JobCluster cluster, JobSpecification specification)
    {
        for (int i = 0; ; i++)
        {
            try
            {
                return await cluster.SubmitAsync(specification);
            }
            catch (Exception exception) when (i < 50 && exception is IOException or JobRejectedException or OrleansException or TimeoutException)
            {
            }
        }
    }

    private async Task AssertUndisturbedAsync(SubmitReceipt job, JobStatus end)
    {
        Assert.Equal((JobState.Succeeded, (long)UndisturbedRun.Images), (end.State, end.Images.Done));
        Assert.Equal(undisturbed.Result, await undisturbed.Blobs.ResultAsync(job));
    }
}
