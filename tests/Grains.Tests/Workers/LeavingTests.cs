using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Workers;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Tests.Workers;

/// <summary>A worker that is told to leave.</summary>
public sealed class LeavingTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task What_fits_the_grace_is_finished_and_nothing_more_is_asked_for()
    {
        // About 16 s of work, and 25 s for it: images pass each other, so the measured pace is not exactly one a second. More images
        // are left than the pipeline holds, or it would have begun the next shard.
        using var scene = new WorkerScene([30, 30]);
        await scene.StepToAsync(14);
        Task leaving = await scene.LeaveAsync();
        await scene.StepToAsync(30);
        await scene.EndAsync(leaving);

        Assert.Equal((30, 30), (scene.Commit("00000000")!.Count, scene.Commit("00000000")!.Done));
        Assert.Equal(["commits/00000000.json"], scene.Names("commits/"));
        Assert.Equal(Enumerable.Range(0, 30), scene.Model.Inferred);
        Assert.Equal(["next 00000000", "begin 00000000", "complete 00000000"], scene.Coordinator.Calls);
        Assert.Equal(ShardStatus.Committed, scene.Shard("00000000").Status);
    }

    [Fact]
    public async Task Of_what_does_not_fit_the_begun_images_are_committed_as_a_child_and_the_rest_goes_back()
    {
        using var scene = new WorkerScene([40]);
        await scene.StepToAsync(5);
        // 35 s of work, and 25 s for it.
        Task leaving = await scene.LeaveAsync();
        scene.Model.AllowAll();
        await scene.EndAsync(leaving);

        int finished = scene.Commit("00000000.0")!.Count;
        Assert.InRange(finished, 5, 30);
        // No image was begun in vain, none twice.
        Assert.Equal(Enumerable.Range(0, finished), scene.Model.Inferred);
        CommitRecord split = scene.Commit("00000000")!;
        Assert.Equal([finished, 40 - finished], split.Children!);
        Assert.Equal((ShardStatus.Split, ShardStatus.Committed, ShardStatus.Waiting), (scene.Shard("00000000").Status, scene.Shard("00000000.0").Status, scene.Shard("00000000.1").Status));
        Assert.Equal(new ShardRange("00000000.1", 0, finished, 40 - finished), scene.Shard("00000000.1").Range);
        Assert.Empty(scene.Coordinator.State.FailedAttempts);
        Assert.All(scene.Coordinator.State.Shards, shard => Assert.Equal(0, shard.Suspicions));
    }

    [Fact]
    public async Task Both_records_are_of_the_leases_attempt_and_name_parts_of_that_attempt()
    {
        string? attempt = null;
        using var scene = new WorkerScene([40]);
        await scene.StepToAsync(5);
        attempt = scene.Shard("00000000").Lease!.Attempt;
        Task leaving = await scene.LeaveAsync();
        scene.Model.AllowAll();
        await scene.EndAsync(leaving);
        Assert.Equal((attempt, attempt), (scene.Commit("00000000")!.Attempt, scene.Commit("00000000.0")!.Attempt));
        Assert.Equal(scene.Names("parts/"), scene.Commit("00000000.0")!.Parts.Select(part => part.Name));
        Assert.All(scene.Names("parts/"), name => Assert.StartsWith($"parts/00000000/{attempt}/", name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_measure_only_what_is_in_the_pipeline_is_finished()
    {
        using var scene = new WorkerScene([40]);
        await scene.UntilAsync("the shard is begun", () => scene.Coordinator.Calls.Contains("begin 00000000"));
        Task leaving = await scene.LeaveAsync();
        scene.Model.AllowAll();
        await scene.EndAsync(leaving);
        // Of images that were in no measure none has to be: then the shard goes back as it was.
        int finished = scene.Commit("00000000.0")?.Count ?? 0;
        Assert.InRange(finished, 0, 15);
        Assert.Equal(Enumerable.Range(0, finished), scene.Model.Inferred);
        Assert.Equal(40 - finished, scene.Coordinator.State.Shards.Where(shard => shard.Status == ShardStatus.Waiting).Sum(shard => shard.Range.Count));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_image_that_does_not_come_back_in_time_is_cut_off(bool hears)
    {
        using var scene = new WorkerScene([40], scene => scene.Model.HearsCancellation = hears);
        int isOut = await scene.StepToAsync(5);
        DateTimeOffset told = scene.Time.GetUtcNow();
        await scene.ExhaustAsync(await scene.LeaveAsync(), told);

        Assert.Equal([isOut, 40 - isOut], scene.Commit("00000000")!.Children!);
        Assert.Equal(isOut, scene.Commit("00000000.0")!.Count);
        Assert.Equal(ShardStatus.Waiting, scene.Shard("00000000.1").Status);
    }

    [Fact]
    public async Task A_shard_of_which_nothing_is_finished_in_time_goes_back_as_it_was()
    {
        using var scene = new WorkerScene([40]);
        await scene.UntilAsync("the shard is begun", () => scene.Coordinator.Calls.Contains("begin 00000000"));
        DateTimeOffset told = scene.Time.GetUtcNow();
        await scene.ExhaustAsync(await scene.LeaveAsync(), told);
        Assert.Empty(scene.Names("commits/"));
        Assert.Empty(scene.Names("parts/"));
        Assert.Equal((ShardStatus.Waiting, 0), (scene.Shard("00000000").Status, scene.Shard("00000000").Suspicions));
        Assert.Equal("released", Assert.Single(scene.Coordinator.State.FailedAttempts).How);
    }

    [Fact]
    public async Task A_lease_that_waits_for_the_shard_at_work_goes_back_at_once()
    {
        // A suspected image: it is leased, and waits until it can be alone.
        using var scene = new WorkerScene([25, 1], scene => scene.Shards = [scene.Shards[0], scene.Shards[1] with { Suspicions = 1 }]);
        // Seven images are in the pipeline: all of the shard's are given to it then, and not all can be out.
        await scene.StepToAsync(18);
        await scene.UntilAsync("the second shard is leased", () => scene.Coordinator.Calls.Contains("next 00000001"));
        Task leaving = await scene.LeaveAsync();
        await scene.UntilAsync("it is given back", () => scene.Coordinator.Calls.Contains("release 00000001"));
        Assert.Null(scene.Commit("00000000"));
        Assert.Equal((ShardStatus.Waiting, 1), (scene.Shard("00000001").Status, scene.Shard("00000001").Suspicions));
        await scene.StepToAsync(25);
        await scene.EndAsync(leaving);
        Assert.Equal(25, scene.Commit("00000000")!.Done);
        Assert.DoesNotContain("begin 00000001", scene.Coordinator.Calls);
    }

    [Fact]
    public async Task A_lease_that_waits_for_the_model_goes_back_at_once()
    {
        using var scene = new WorkerScene([30], scene => scene.Model.MayLoad.Reset());
        await scene.UntilAsync("the shard is leased", () => scene.Coordinator.Calls.Contains("next 00000000"));
        Task leaving = await scene.LeaveAsync();
        await scene.UntilAsync("it is given back", () => scene.Coordinator.Calls.Contains("release 00000000"));
        scene.Model.MayLoad.Set();
        await scene.EndAsync(leaving);
        Assert.Equal(["next 00000000", "release 00000000"], scene.Coordinator.Calls);
        Assert.Equal(ShardStatus.Waiting, scene.Shard("00000000").Status);
    }

    [Fact]
    public async Task A_lease_that_is_answered_while_the_worker_leaves_is_given_back()
    {
        var answer = new TaskCompletionSource();
        var asked = new TaskCompletionSource();
        using var scene = new WorkerScene([30], scene => scene.OnCall = name =>
        {
            if (name != "next") return Task.CompletedTask;
            asked.TrySetResult();
            return answer.Task;
        });
        await asked.Task;
        Task leaving = await scene.LeaveAsync();
        answer.SetResult();
        await scene.EndAsync(leaving);
        Assert.Equal(["next 00000000", "release 00000000"], scene.Coordinator.Calls);
        Assert.Equal((ShardStatus.Waiting, 0), (scene.Shard("00000000").Status, scene.Shard("00000000").Suspicions));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_a_coordinator_the_finished_images_are_committed_all_the_same_and_the_grace_is_kept(bool hangs)
    {
        bool isAway = false;
        var never = new TaskCompletionSource();
        using var scene = new WorkerScene([40], scene => scene.OnCall = _ =>
            !Volatile.Read(ref isAway) ? Task.CompletedTask : hangs ? never.Task : throw new SiloUnavailableException("away"));
        await scene.StepToAsync(5);
        Volatile.Write(ref isAway, true);
        DateTimeOffset told = scene.Time.GetUtcNow();
        Task leaving = await scene.LeaveAsync();
        scene.Model.AllowAll();
        await scene.UntilAsync("what is finished is committed", () => scene.Commit("00000000.0") is not null);
        await scene.ExhaustAsync(leaving, told);
        int finished = scene.Commit("00000000.0")!.Count;
        Assert.Equal([finished, 40 - finished], scene.Commit("00000000")!.Children!);
        Assert.Equal(Enumerable.Range(0, finished), scene.Model.Inferred);
        // It looks at the store before it leases the shard again, or its children.
        Volatile.Write(ref isAway, false);
        never.TrySetResult();
    }

    [Fact]
    public async Task A_coordinator_that_moves_meanwhile_is_told_again()
    {
        int refusals = 0;
        using var scene = new WorkerScene([40], scene => scene.OnCall = name =>
            name.StartsWith("complete", StringComparison.Ordinal) && Interlocked.Increment(ref refusals) <= 3 ? throw new SiloUnavailableException("moving") : Task.CompletedTask);
        await scene.StepToAsync(5);
        DateTimeOffset told = scene.Time.GetUtcNow();
        Task leaving = await scene.LeaveAsync();
        scene.Model.AllowAll();
        await scene.UntilAsync("the coordinator is told", () => Volatile.Read(ref refusals) > 0);
        await scene.ExhaustAsync(leaving, told);
        Assert.Equal(4, refusals);
        Assert.Equal((ShardStatus.Split, ShardStatus.Committed), (scene.Shard("00000000").Status, scene.Shard("00000000.0").Status));
    }

    [Fact]
    public async Task A_worker_that_has_lost_its_lease_splits_nothing()
    {
        using var scene = new WorkerScene([40]);
        await scene.StepToAsync(5);
        scene.Coordinator.SiloDied();
        await scene.UntilAsync("the worker knows", () => scene.Report.Shards.Count == 0);
        Task leaving = await scene.LeaveAsync();
        scene.Model.AllowAll();
        await scene.EndAsync(leaving);
        Assert.Empty(scene.Names("commits/"));
        Assert.Empty(scene.Names("parts/"));
    }

    [Fact]
    public async Task Where_another_was_first_its_record_stays_and_the_parts_go()
    {
        using var scene = new WorkerScene([40]);
        await scene.StepToAsync(5);
        var other = new CommitRecord { Shard = "00000000", Segment = 0, First = 0, Count = 40, Attempt = "other", Children = [20, 20] };
        await scene.Output.WriteAsync(JobLayout.Commit("00000000"), DocumentJson.Write(other), WriteCondition.Absent, "other", default);
        Task leaving = await scene.LeaveAsync();
        scene.Model.AllowAll();
        await scene.EndAsync(leaving);
        Assert.Equal(["commits/00000000.json"], scene.Names("commits/"));
        Assert.Equal([20, 20], scene.Commit("00000000")!.Children!);
        Assert.Empty(scene.Names("parts/"));
        Assert.Equal(2, scene.Coordinator.State.Shards.Count(shard => shard is { Status: ShardStatus.Waiting, Range.Count: 20 }));
    }

    [Fact]
    public void A_shard_of_which_nobody_knows_how_long_an_image_takes_does_not_fit()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var leaving = new Leaving(TimeSpan.FromSeconds(30), time);
        Assert.False(leaving.Fits(1, null));
        Assert.True(leaving.Fits(25, Second));
        Assert.False(leaving.Fits(26, Second));
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal((5, 10, 20), (leaving.WorkLeft.TotalSeconds, leaving.GraceLeft.TotalSeconds, leaving.Elapsed.TotalSeconds));
        Assert.False(leaving.Fits(6, Second));
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (leaving.WorkLeft, leaving.GraceLeft));
        // Of a short grace a quarter is for committing.
        Assert.Equal(3, new Leaving(TimeSpan.FromSeconds(4), time).WorkLeft.TotalSeconds);
    }

    [Fact]
    public void The_pace_is_that_of_the_shard_at_work()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var pace = new WorkPace(time);
        Assert.Null(pace.Each);
        long begun = time.GetTimestamp();
        time.Advance(4 * Second);
        pace.Delivered("first", begun);
        Assert.Equal(4 * Second, pace.Each);
        long second = time.GetTimestamp();
        time.Advance(2 * Second);
        pace.Delivered("first", begun);
        Assert.Equal(3 * Second, pace.Each);
        // It was begun while the first was at work.
        time.Advance(Second);
        pace.Delivered("second", second);
        Assert.Equal(Second, pace.Each);
    }
}
