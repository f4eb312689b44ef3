using MaskRcnn.Grains.Jobs;
using MaskRcnn.Storage;

namespace MaskRcnn.Cluster.Tests.InProcess;

/// <summary>Silos that die at a step of the protocol, and write on as zombies when all is over.</summary>
public abstract class ProtocolSteps(UndisturbedRun undisturbed)
{
    /// <summary>Kills the first silo that comes to a step, and lets it go on there when another has ended the job.</summary>
    protected async Task DieAtAsync(string name, bool after)
    {
        var reached = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var zombie = new TaskCompletionSource();
        Task Hook(StoreStep step)
        {
            bool isHere = step.Name.StartsWith(name, StringComparison.Ordinal) && step.After == after;
            return isHere && reached.TrySetResult(step.Silo) ? zombie.Task : Task.CompletedTask;
        }
        await using JobCluster cluster = await JobCluster.StartAsync(undisturbed.Blobs, wrap: (silo, _, store) => new StoreHook(store, silo, Hook));
        SubmitReceipt job = await cluster.SubmitAsync(cluster.Specification() with { Name = $"{name.Replace('/', '.')}-{after}" });
        string victim = await reached.Task.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
        await cluster.KillAsync(victim);

        JobStatus end = await cluster.WaitForEndAsync(job);
        Assert.Equal((JobState.Succeeded, (long)UndisturbedRun.Images), (end.State, end.Images.Done));
        Assert.Equal(undisturbed.Result, await undisturbed.Blobs.ResultAsync(job));

        Dictionary<string, string> before = await BlobsAsync(job);
        zombie.SetResult();
        // The zombie's next steps are on its own threads; what it may change, it changes before the cluster is gone.
        await cluster.DisposeAsync();
        Assert.Equal(undisturbed.Result, await undisturbed.Blobs.ResultAsync(job));
        Dictionary<string, string> left = await BlobsAsync(job);
        Assert.All(before, blob => Assert.Equal(blob.Value, left[blob.Key]));
    }

    private async Task<Dictionary<string, string>> BlobsAsync(SubmitReceipt job)
    {
        var blobs = new Dictionary<string, string>();
        await foreach (BlobPage page in undisturbed.Blobs.Open(job.Output).ListAsync("", null, 1000, CancellationToken.None))
        {
            foreach (BlobInfo blob in page.Blobs) blobs[blob.Name] = blob.ETag;
        }
        return blobs;
    }
}

/// <summary>While the collection is listed.</summary>
public sealed class ListingStepTests(UndisturbedRun undisturbed) : ProtocolSteps(undisturbed), IClassFixture<UndisturbedRun>
{
    [Theory]
    [InlineData("segments/", false)]
    [InlineData("segments/", true)]
    [InlineData("listing.json", false)]
    [InlineData("listing.json", true)]
    public Task A_silo_that_dies_while_listing_changes_nothing(string name, bool after) => DieAtAsync(name, after);
}

/// <summary>While shards are worked on.</summary>
public sealed class WorkStepTests(UndisturbedRun undisturbed) : ProtocolSteps(undisturbed), IClassFixture<UndisturbedRun>
{
    [Theory]
    [InlineData("parts/", false)]
    [InlineData("parts/", true)]
    [InlineData("commits/", false)]
    [InlineData("commits/", true)]
    public Task A_silo_that_dies_around_its_commit_changes_nothing(string name, bool after) => DieAtAsync(name, after);
}

/// <summary>While the result is written.</summary>
public sealed class ReductionStepTests(UndisturbedRun undisturbed) : ProtocolSteps(undisturbed), IClassFixture<UndisturbedRun>
{
    [Theory]
    [InlineData("result/masks.tar", false)]
    [InlineData("result/report.md", false)]
    [InlineData("result/manifest.json", false)]
    [InlineData("end.json", false)]
    [InlineData("end.json", true)]
    public Task A_silo_that_dies_while_reducing_changes_nothing(string name, bool after) => DieAtAsync(name, after);
}
