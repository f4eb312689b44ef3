using System.Diagnostics;
using MaskRcnn.Client;
using MaskRcnn.Client.Jobs;
using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Cluster.Tests.Processes;

[Collection(ProcessTests.Name)]
public sealed class FullDiskTests(SharedCluster cluster)
{
    [Fact]
    public async Task A_job_whose_disk_is_full_says_so_and_goes_on_when_there_is_room()
    {
        string disk = Directory.CreateTempSubdirectory("maskrcnn-disk-").FullName;
        Assert.SkipUnless(await IsDoneAsync("mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", disk), "A small file system cannot be mounted by this user.");
        try
        {
            UpProcess up = await cluster.UpAsync();
            await using MaskRcnnClient client = await up.ConnectAsync();
            JobHandle job = await cluster.SubmitAsync(client, disk);
            await Patience.ForAsync(
                "the job says that there is no space",
                async () =>
                {
                    JobDescription description = await job.DescribeAsync();
                    string[] said = [description.Status.Reason ?? "", .. description.FailedAttempts.Select(attempt => attempt.How)];
                    Assert.False(description.Status.State.IsFinal(), $"{description.Status}; expected that it waits for room.");
                    return said.FirstOrDefault(text => text.Contains("No space left", StringComparison.OrdinalIgnoreCase) || text.Contains("disk is full", StringComparison.OrdinalIgnoreCase) || text.Contains("not enough space", StringComparison.OrdinalIgnoreCase));
                },
                async () => $"{await job.DescribeAsync()}\n{string.Join('\n', (await job.DescribeAsync()).FailedAttempts)}\n{up.Explain()}");
            int committed = SharedCluster.Commits(job);

            Assert.True(await IsDoneAsync("mount", "-o", "remount,size=64m", disk));
            ResultFiles result = await SharedCluster.EndAsync(up, client, job, $"the job ends, whose disk was full after {committed} of {SharedCluster.Shards} commits");
            result.AreThoseOf(cluster.Undisturbed);
        }
        finally
        {
            await IsDoneAsync("umount", "--lazy", disk);
            Directory.Delete(disk);
        }
    }

    private static async Task<bool> IsDoneAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode == 0;
    }
}
