using MaskRcnn.Client.Connection;
using MaskRcnn.Client.Jobs;
using MaskRcnn.Client.Library.Tests.Fakes;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Client.Library.Tests.Jobs;

public sealed class MaskRcnnClientTests
{
    private static readonly JobSpecification Specification = new() { Images = "/images", Model = "/model", Output = "/out" };

    private readonly FakeCluster _cluster = new();

    [Fact]
    public async Task A_submitted_job_is_known_by_its_receipt()
    {
        JobHandle job = await _cluster.Client().SubmitAsync(Specification);
        Assert.Equal((FakeCluster.Job, FakeCluster.Job, "/out/" + FakeCluster.Job, FakeCluster.Then), (job.Id, job.Name, job.Output, job.Created));
        Assert.Same(Specification, _cluster.Submitted);
    }

    [Fact]
    public async Task A_submission_with_a_name_is_repeated_when_its_answer_is_lost()
    {
        _cluster.Failures.Enqueue(new TimeoutException("lost"));
        JobHandle job = await _cluster.Client().SubmitAsync(Specification with { Name = "photos" });
        Assert.Equal("photos", job.Name);
        Assert.Equal(["submit", "submit"], _cluster.Calls);
    }

    [Fact]
    public async Task A_submission_without_a_name_is_not_repeated_as_it_could_become_two_jobs()
    {
        _cluster.Failures.Enqueue(new TimeoutException("lost"));
        ClusterUnavailableException exception = await Assert.ThrowsAsync<ClusterUnavailableException>(() => _cluster.Client().SubmitAsync(Specification));
        Assert.Contains("may have been taken", exception.Message, StringComparison.Ordinal);
        Assert.Equal(["submit"], _cluster.Calls);
    }

    [Fact]
    public async Task What_the_cluster_refuses_comes_through_as_it_is_and_is_not_asked_again()
    {
        _cluster.Failures.Enqueue(new JobConflictException("photos", "limit is 5, asked for 6"));
        JobConflictException conflict = await Assert.ThrowsAsync<JobConflictException>(() => _cluster.Client().SubmitAsync(Specification with { Name = "photos" }));
        Assert.Equal("limit is 5, asked for 6", conflict.Difference);
        Assert.Single(_cluster.Calls);
    }

    [Fact]
    public async Task A_cluster_that_is_away_is_waited_for_half_a_minute()
    {
        for (int i = 0; i < 100; i++) _cluster.Failures.Enqueue(new SiloUnavailableException("gone"));
        var time = new HurriedTime();
        await Assert.ThrowsAsync<ClusterUnavailableException>(() => _cluster.Client(time).ListWorkersAsync());
        Assert.InRange(time.Elapsed, TimeSpan.FromSeconds(27), TimeSpan.FromSeconds(31));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Jobs_are_listed_page_by_page(int jobs)
    {
        var cluster = new FakeCluster { Jobs = [.. Enumerable.Range(0, jobs).Select(i => FakeCluster.Running with { Name = $"job{i}" })] };
        List<string> names = [];
        await foreach (JobStatus job in cluster.Client().ListAsync(new JobFilter { PageSize = 3 })) names.Add(job.Name);
        Assert.Equal(Enumerable.Range(0, jobs).Select(i => $"job{i}"), names);
        Assert.Equal(Math.Max(1, (jobs + 2) / 3), cluster.Calls.Count);
    }

    [Fact]
    public async Task A_dry_run_is_asked_until_it_is_done()
    {
        _cluster.DryRuns.Enqueue(new DryRunReport { Done = false, Images = 1 });
        _cluster.DryRuns.Enqueue(new DryRunReport { Done = false, Images = 2 });
        _cluster.DryRuns.Enqueue(new DryRunReport { Done = true, Images = 3 });
        Assert.Equal(3, (await _cluster.Client().DryRunAsync(Specification)).Images);
    }

    [Fact]
    public async Task A_deletion_whose_answer_was_lost_succeeds()
    {
        JobHandle job = await _cluster.Client().GetJobAsync("photos");
        _cluster.Failures.Enqueue(new TimeoutException("lost"));
        _cluster.Failures.Enqueue(new JobNotFoundException(FakeCluster.Job));
        await job.DeleteAsync();
    }

    [Fact]
    public async Task A_deletion_of_a_job_that_is_not_there_fails()
    {
        JobHandle job = await _cluster.Client().GetJobAsync("photos");
        _cluster.Failures.Enqueue(new JobNotFoundException(FakeCluster.Job));
        await Assert.ThrowsAsync<JobNotFoundException>(() => job.DeleteAsync());
    }

    [Fact]
    public void Options_that_cannot_be_are_refused()
    {
        Assert.Throws<ArgumentException>(() => MaskRcnnClient.Over(_cluster, new MaskRcnnClientOptions { PollInterval = TimeSpan.Zero }));
        Assert.Throws<ArgumentException>(() => MaskRcnnClient.Over(_cluster, new MaskRcnnClientOptions { ConnectTimeout = TimeSpan.Zero }));
        Assert.Throws<ArgumentException>(() => MaskRcnnClient.Over(_cluster, new MaskRcnnClientOptions { RetryFor = TimeSpan.FromSeconds(-1) }));
    }
}
