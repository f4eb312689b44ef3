using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Cluster.Tests.InProcess;

/// <summary>What a coordinator keeps of jobs that have ended: nothing that grows with them but a line of the list.</summary>
public sealed class EndedJobTests(UndisturbedRun undisturbed) : IClassFixture<UndisturbedRun>
{
    private static readonly string[] OfAJob = ["JobGrain", "ListerGrain", "PartitionGrain", "ReducerGrain"];

    [Fact]
    public async Task The_grains_of_a_job_that_has_ended_leave_memory_and_it_can_still_be_asked()
    {
        await using JobCluster cluster = await JobCluster.StartAsync(undisturbed.Blobs, silos: 1);
        SubmitReceipt job = await cluster.SubmitAsync(cluster.Specification() with { Name = "ended" });
        JobStatus end = await cluster.WaitForEndAsync(job);
        IManagementGrain management = cluster.Grains.GetGrain<IManagementGrain>(0);
        Assert.Contains(await LeftAsync(), grain => grain.Contains(job.Job, StringComparison.Ordinal));
        for (long start = TimeProvider.System.GetTimestamp(); await LeftAsync() is { Length: > 0 } left; await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(60), $"In memory: {string.Join(", ", left)}");
            // As their age would in some minutes.
            await management.ForceActivationCollection(TimeSpan.Zero);
        }
        Assert.Equal((end.State, end.Images), ((await cluster.Grains.GetGrain<IJobGrain>(job.Job).GetStatus(CancellationToken.None)) is { } status ? (status.State, status.Images) : default));

        async Task<string[]> LeftAsync() => [.. (await management.GetDetailedGrainStatistics()).Select(grain => $"{grain.GrainType} {grain.GrainId}").Where(grain => OfAJob.Any(type => grain.Contains($".{type}", StringComparison.Ordinal)))];
    }
}
