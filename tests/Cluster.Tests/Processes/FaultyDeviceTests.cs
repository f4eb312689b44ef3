using MaskRcnn.Client.Jobs;
using MaskRcnn.Grains;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Cluster.Tests.Processes;

/// <summary>What a GPU may do to a worker, by errors with libtorch's words in place of the model's answers: no GPU is needed.</summary>
[Collection(ProcessTests.Name)]
public sealed class FaultyDeviceTests : IAsyncLifetime
{
    private const int Images = 24;

    private FragileCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await FragileCluster.StartAsync(workers: 1);
        for (int i = 0; i < Images; i++) _cluster.AddImage(i, 30 + i);
        Directory.CreateDirectory(_cluster.Cache);
    }

    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task A_worker_whose_device_has_failed_is_a_new_process_and_the_result_is_unchanged()
    {
        ResultFiles undisturbed = await RunAsync();
        Assert.Empty(_cluster.Ends);
        await SetAsync("device-fault", Images + 9);
        ResultFiles result = await RunAsync();
        Assert.Equal([ProcessEnd.Fault], _cluster.Ends);
        Assert.Contains("the device has failed on", _cluster.Log, StringComparison.Ordinal);
        result.AreThoseOf(undisturbed);
    }

    [Fact]
    public async Task A_batch_that_does_not_fit_the_device_is_halved_and_the_result_is_unchanged()
    {
        // So that images wait for the model, and are given to it together.
        await SetAsync("pace", 100);
        ResultFiles undisturbed = await RunAsync();
        Assert.DoesNotContain("does not fit", _cluster.Log, StringComparison.Ordinal);
        await SetAsync("device-memory", 2);
        ResultFiles result = await RunAsync();
        Assert.Contains("A batch does not fit the memory of cpu: at most", _cluster.Log, StringComparison.Ordinal);
        Assert.Empty(_cluster.Ends);
        result.AreThoseOf(undisturbed);
    }

    private Task SetAsync(string name, int value) => File.WriteAllBytesAsync(Path.Combine(_cluster.Cache, name), new byte[value]);

    private async Task<ResultFiles> RunAsync()
    {
        JobHandle job = await _cluster.SubmitAsync(specification => specification with { BatchSize = 8 });
        JobStatus end = await _cluster.EndAsync(job);
        Assert.True((end.State, end.Images) == (JobState.Succeeded, new ImageCounts(Images, Images, 0)), $"{end}\n{_cluster.Log}");
        return ResultFiles.Read(job);
    }
}
