using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Workers;

namespace MaskRcnn.Grains.Tests.Workers;

/// <summary>A worker that is not told to leave: what it gives back for others, and what it tells of its time.</summary>
public sealed class WorkingTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_shard_that_waited_for_its_model_goes_back_for_a_job_of_higher_priority_and_was_no_attempt()
    {
        using var scene = new WorkerScene([3], scene => scene.Model.MayLoad.Reset());
        await scene.UntilAsync("the model is loaded", () => scene.Report.State == "loading");
        scene.Coordinator.Outranks = true;
        scene.Time.Advance(Second);
        scene.Model.MayLoad.Set();
        await scene.UntilAsync("the shard goes back", () => scene.Coordinator.Calls.Contains("release 00000000"));
        // Nobody else takes it here, so that it comes again.
        Assert.Equal(["next 00000000", "release 00000000"], scene.Coordinator.Calls.Take(2));
        Assert.Empty(scene.Coordinator.State.FailedAttempts);
        scene.Coordinator.Outranks = false;
        await scene.StepToAsync(3);
        await scene.UntilAsync("the shard is done", () => scene.Commit("00000000") is not null);
    }

    [Theory]
    [InlineData("next")]
    [InlineData("begin")]
    [InlineData("complete")]
    public async Task A_worker_goes_on_when_a_coordinator_that_leaves_cancels_its_call(string call)
    {
        int calls = 0;
        using var scene = new WorkerScene([3, 2], scene =>
        {
            scene.Model.AllowAll();
            scene.OnCall = name => name.StartsWith(call, StringComparison.Ordinal) && Interlocked.Increment(ref calls) <= 2
                ? Task.FromException(new OperationCanceledException("the silo is stopping"))
                : Task.CompletedTask;
        });
        // Waits between calls are the test's to pass.
        await scene.UntilAsync("all is committed and told", () =>
        {
            scene.Time.Advance(TimeSpan.FromMilliseconds(100));
            return scene.Coordinator.State.Shards.All(shard => shard.Status == ShardStatus.Committed);
        });
        Assert.True(calls >= 2, $"{calls} calls");
    }

    [Fact]
    public async Task The_time_from_image_to_image_is_in_the_record_and_told_to_the_dispatcher()
    {
        using var scene = new WorkerScene([3, 2]);
        scene.Model.OnImage = () => scene.Time.Advance(Second);
        scene.Model.AllowAll();
        await scene.UntilAsync("both shards are committed", () => scene.Commit("00000001") is not null);
        DeviceTime[] times = [.. new[] { "00000000", "00000001" }.Select(shard => scene.Commit(shard)!.Run!.DeviceTime!)];
        // Images pass each other, and those of both shards may be in the pipeline at once: the seconds are theirs together.
        Assert.Equal(5, times.Sum(time => time.Total), 1e-6);
        Assert.All(times, time => Assert.Equal(("cpu", 0.0), (time.Device, time.Lost)));
        JobUsage usage = Assert.Single(scene.Report.Usage);
        Assert.Equal((5L, 5.0), (usage.Images, Math.Round(usage.Seconds, 6)));
    }
}
