using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Cluster.Tests.InProcess;

/// <summary>A collection, and the result of a job over it that nothing disturbed.</summary>
public sealed class UndisturbedRun : IAsyncLifetime
{
    public const int Images = 200;

    internal SharedBlobs Blobs { get; } = new();

    internal Dictionary<string, string> Result { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        await Blobs.PutImagesAsync(Images);
        await using JobCluster cluster = await JobCluster.StartAsync(Blobs, silos: 1);
        SubmitReceipt job = await cluster.SubmitAsync(cluster.Specification());
        Assert.Equal(JobState.Succeeded, (await cluster.WaitForEndAsync(job)).State);
        Result = await Blobs.ResultAsync(job);
    }

    public ValueTask DisposeAsync()
    {
        Blobs.Dispose();
        return ValueTask.CompletedTask;
    }
}
