using MaskRcnn.Client;
using MaskRcnn.Client.Jobs;

namespace MaskRcnn.Cluster.Tests.Processes;

[Collection(ProcessTests.Name)]
public sealed class KilledProcessesTests(SharedCluster cluster)
{
    [Fact]
    public Task A_job_whose_worker_is_killed_in_the_middle_has_the_same_result() =>
        Disturbed_in_the_middle(up => ProcessGroup.SignalAsync("KILL", Assert.Single(up.Members, member => member.IsWorker).Id), up => Task.FromResult(up));

    [Fact]
    public Task A_job_whose_coordinator_is_killed_in_the_middle_has_the_same_result() =>
        Disturbed_in_the_middle(up => ProcessGroup.SignalAsync("KILL", up.Coordinator.Id), up => Task.FromResult(up));

    [Fact]
    public Task A_job_goes_on_after_everything_was_killed_and_has_the_same_result() =>
        Disturbed_in_the_middle(up => up.KillEverythingAsync(), _ => cluster.UpAsync());

    private async Task Disturbed_in_the_middle(Func<UpProcess, Task> disturb, Func<UpProcess, Task<UpProcess>> recover)
    {
        UpProcess up = await cluster.UpAsync();
        JobHandle job;
        await using (MaskRcnnClient client = await up.ConnectAsync())
        {
            job = await cluster.SubmitAsync(client);
            await SharedCluster.MiddleAsync(up, job);
            await disturb(up);
        }
        int committed = SharedCluster.Commits(job);
        up = await recover(up);
        await using MaskRcnnClient again = await up.ConnectAsync();
        job = await again.GetJobAsync(job.Id);
        ResultFiles result = await SharedCluster.EndAsync(up, again, job, $"the job ends, whose cluster was disturbed after {committed} of {SharedCluster.Shards} commits");
        Assert.True(committed < SharedCluster.Shards, $"The job had all of its {SharedCluster.Shards} commits before it was disturbed; expected that it was in the middle.");
        result.AreThoseOf(cluster.Undisturbed);
    }
}
