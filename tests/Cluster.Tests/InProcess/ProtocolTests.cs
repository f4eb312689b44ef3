using MaskRcnn.Grains.Jobs;
using MaskRcnn.Storage;

namespace MaskRcnn.Cluster.Tests.InProcess;

/// <summary>Silos that die at each step of the protocol, and write on as zombies when all is over.</summary>
public sealed class ProtocolTests : IDisposable
{
    private const int Images = 200;

    private readonly SharedBlobs _blobs = new();

    [Theory]
    [InlineData("segments/", false)]
    [InlineData("segments/", true)]
    [InlineData("listing.json", false)]
    [InlineData("parts/", false)]
    [InlineData("parts/", true)]
    [InlineData("commits/", false)]
    [InlineData("commits/", true)]
    [InlineData("result/masks.tar", false)]
    [InlineData("result/report.json", true)]
    [InlineData("result/manifest.json", false)]
    [InlineData("result/manifest.json", true)]
    [InlineData("end.json", false)]
    public async Task A_silo_that_dies_at_any_step_and_writes_on_later_changes_nothing(string name, bool after)
    {
        await _blobs.PutImagesAsync(Images);
        Dictionary<string, string> undisturbed = await UndisturbedAsync();

        var reached = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var zombie = new TaskCompletionSource();
        Task Hook(StoreStep step)
        {
            bool isHere = step.Name.StartsWith(name, StringComparison.Ordinal) && step.After == after;
            return isHere && reached.TrySetResult(step.Silo) ? zombie.Task : Task.CompletedTask;
        }
        await using JobCluster cluster = await JobCluster.StartAsync(_blobs, wrap: (silo, _, store) => new StoreHook(store, silo, Hook));
        SubmitReceipt job = await cluster.SubmitAsync(cluster.Specification() with { Name = "disturbed" });
        string victim = await reached.Task.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
        await cluster.KillAsync(victim);
        await cluster.AddSiloAsync();

        JobStatus end = await cluster.WaitForEndAsync(job);
        Assert.Equal((JobState.Succeeded, (long)Images), (end.State, end.Images.Done));
        Assert.Equal(undisturbed, await _blobs.ResultAsync(job));

        Dictionary<string, string> before = await BlobsAsync(job);
        zombie.SetResult();
        // The zombie's next steps are on its own threads; what it may change, it changes before the cluster is gone.
        await cluster.DisposeAsync();
        Assert.Equal(undisturbed, await _blobs.ResultAsync(job));
        Dictionary<string, string> left = await BlobsAsync(job);
        Assert.All(before, blob => Assert.Equal(blob.Value, left[blob.Key]));
    }

    [Fact]
    public async Task When_everything_is_killed_a_new_cluster_on_the_same_blobs_goes_on_where_it_was()
    {
        await _blobs.PutImagesAsync(Images);
        Dictionary<string, string> undisturbed = await UndisturbedAsync();
        var third = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource();
        int commits = 0;
        Task Hook(StoreStep step)
        {
            if (!step.Name.StartsWith("commits/", StringComparison.Ordinal) || step.After) return Task.CompletedTask;
            int number = Interlocked.Increment(ref commits);
            if (number == 4) third.SetResult();
            return number > 3 ? never.Task : Task.CompletedTask;
        }
        JobCluster first = await JobCluster.StartAsync(_blobs, wrap: (silo, _, store) => new StoreHook(store, silo, Hook));
        SubmitReceipt job = await first.SubmitAsync(first.Specification() with { Name = "killed" });
        await third.Task.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
        await first.KillAllAsync();

        await using JobCluster second = await JobCluster.StartAsync(_blobs);
        JobStatus end = await second.WaitForEndAsync(job);
        Assert.Equal((JobState.Succeeded, (long)Images), (end.State, end.Images.Done));
        Assert.Equal(undisturbed, await _blobs.ResultAsync(job));
        never.SetResult();
        await first.DisposeAsync();
        Assert.Equal(undisturbed, await _blobs.ResultAsync(job));
    }

    [Fact]
    public async Task Two_clusters_that_do_not_know_of_each_other_make_one_result_of_one_job()
    {
        // The worst duplicate activation: every grain twice, over the same blobs.
        await _blobs.PutImagesAsync(Images);
        Dictionary<string, string> undisturbed = await UndisturbedAsync();
        await using JobCluster first = await JobCluster.StartAsync(_blobs, silos: 1);
        SubmitReceipt job = await first.SubmitAsync(first.Specification() with { Name = "twice" });
        await using JobCluster second = await JobCluster.StartAsync(_blobs, silos: 1);
        JobStatus[] ends = [await first.WaitForEndAsync(job), await second.WaitForEndAsync(job)];
        Assert.All(ends, end => Assert.Equal((JobState.Succeeded, (long)Images), (end.State, end.Images.Done)));
        Assert.Equal(undisturbed, await _blobs.ResultAsync(job));
    }

    public void Dispose() => _blobs.Dispose();

    private async Task<Dictionary<string, string>> UndisturbedAsync()
    {
        await using JobCluster cluster = await JobCluster.StartAsync(_blobs, silos: 1);
        SubmitReceipt job = await cluster.SubmitAsync();
        Assert.Equal(JobState.Succeeded, (await cluster.WaitForEndAsync(job)).State);
        return await _blobs.ResultAsync(job);
    }

    private async Task<Dictionary<string, string>> BlobsAsync(SubmitReceipt job)
    {
        var blobs = new Dictionary<string, string>();
        await foreach (BlobPage page in _blobs.Open(job.Output).ListAsync("", null, 1000, CancellationToken.None))
        {
            foreach (BlobInfo blob in page.Blobs) blobs[blob.Name] = blob.ETag;
        }
        return blobs;
    }
}
