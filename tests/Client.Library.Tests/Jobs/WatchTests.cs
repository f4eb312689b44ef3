using System.Net.Sockets;
using MaskRcnn.Client.Connection;
using MaskRcnn.Client.Jobs;
using MaskRcnn.Client.Library.Tests.Fakes;
using MaskRcnn.Grains.Jobs;
using Microsoft.Extensions.Time.Testing;

namespace MaskRcnn.Client.Library.Tests.Jobs;

public sealed class WatchTests
{
    private static readonly JobStatus End = FakeCluster.Running with { State = JobState.Succeeded, Images = new ImageCounts(10, 9, 1) };

    private readonly FakeCluster _cluster = new();
    private readonly HurriedTime _time = new();
    private readonly List<string> _told = [];

    [Fact]
    public async Task Watching_gives_each_change_once_and_ends_with_the_job()
    {
        // Each answer has a dictionary of its own, and a time of its own; neither is news.
        JobStatus again = FakeCluster.Running with { Updated = FakeCluster.Then.AddSeconds(1), AveragePrecision = new Dictionary<string, double>() };
        JobStatus scored = FakeCluster.Running with { AveragePrecision = new Dictionary<string, double> { ["bbox"] = .5 } };
        List<JobStatus> seen = await WatchAsync(FakeCluster.Running, again, again, scored, End, FakeCluster.Running);
        Assert.Equal([FakeCluster.Running, scored, End], seen);
    }

    [Fact]
    public async Task Watching_survives_a_coordinator_that_moves_or_restarts()
    {
        List<JobStatus> seen = await WatchAsync(
            FakeCluster.Running, new SiloUnavailableException("gone"), new TimeoutException("no answer"), new SocketException(111), new GatewayTooBusyException("busy"),
            new ConnectionFailed(), new OperationCanceledException("the silo stopped"), End);
        Assert.Equal([JobState.Running, JobState.Succeeded], seen.Select(s => s.State));
        Assert.Contains("trying again", Assert.Single(_told), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watching_gives_up_after_two_minutes_and_says_how_to_start_a_cluster()
    {
        ClusterUnavailableException exception = await Assert.ThrowsAsync<ClusterUnavailableException>(() => WatchAsync(FakeCluster.Running, new SiloUnavailableException("gone")));
        Assert.Contains("maskrcnn up", exception.Message, StringComparison.Ordinal);
        Assert.Contains("gone", exception.Message, StringComparison.Ordinal);
        Assert.IsType<SiloUnavailableException>(exception.InnerException);
        Assert.InRange(_time.Elapsed, TimeSpan.FromSeconds(117), TimeSpan.FromSeconds(122));
    }

    [Fact]
    public async Task The_two_minutes_begin_anew_with_every_answer()
    {
        object[] minuteAway = [.. Enumerable.Repeat<object>(new TimeoutException("no answer"), 45)];
        List<JobStatus> seen = await WatchAsync([FakeCluster.Running, .. minuteAway, FakeCluster.Running with { Images = new ImageCounts(10, 5, 1) }, .. minuteAway, End]);
        Assert.Equal(3, seen.Count);
        Assert.InRange(_time.Elapsed, TimeSpan.FromSeconds(130), TimeSpan.FromSeconds(240));
    }

    [Fact]
    public async Task A_job_that_was_deleted_ends_the_watch_at_once()
    {
        JobNotFoundException exception = await Assert.ThrowsAsync<JobNotFoundException>(() => WatchAsync(FakeCluster.Running, new JobNotFoundException(FakeCluster.Job)));
        Assert.Equal(FakeCluster.Job, exception.Job);
    }

    [Fact]
    public async Task A_watch_that_is_cancelled_stops_while_it_waits()
    {
        using var cancellation = new CancellationTokenSource();
        var time = new FakeTimeProvider();
        await using MaskRcnnClient client = _cluster.Client(time);
        JobHandle job = await client.GetJobAsync("photos");
        await using IAsyncEnumerator<JobStatus> statuses = job.WatchAsync(cancellation.Token).GetAsyncEnumerator();
        Assert.True(await statuses.MoveNextAsync());
        ValueTask<bool> next = statuses.MoveNextAsync();
        Assert.False(next.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
    }

    [Fact]
    public async Task A_status_is_asked_for_once_a_second()
    {
        var time = new FakeTimeProvider();
        await using MaskRcnnClient client = _cluster.Client(time);
        JobHandle job = await client.GetJobAsync("photos");
        int before = _cluster.StatusCalls;
        await using IAsyncEnumerator<JobStatus> statuses = job.PollAsync().GetAsyncEnumerator();
        Assert.True(await statuses.MoveNextAsync());
        for (int second = 1; second <= 3; second++)
        {
            ValueTask<bool> next = statuses.MoveNextAsync();
            time.Advance(TimeSpan.FromMilliseconds(990));
            Assert.False(next.IsCompleted);
            time.Advance(TimeSpan.FromMilliseconds(10));
            Assert.True(await next);
            Assert.Equal(before + 1 + second, _cluster.StatusCalls);
        }
    }

    private async Task<List<JobStatus>> WatchAsync(params object[] answers)
    {
        await using MaskRcnnClient client = _cluster.Client(_time, _told.Add);
        JobHandle job = await client.GetJobAsync("photos");
        _cluster.Statuses.Clear();
        // The first was asked for to get the job.
        _cluster.Statuses.AddRange([FakeCluster.Running, .. answers]);
        List<JobStatus> seen = [];
        await foreach (JobStatus status in job.WatchAsync()) seen.Add(status);
        return seen;
    }

    private sealed class ConnectionFailed() : OrleansException("the connection was lost");
}
