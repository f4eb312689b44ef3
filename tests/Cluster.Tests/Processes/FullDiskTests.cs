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
                "'job describe' says that the disk is full",
                async () =>
                {
                    JobDescription description = await job.DescribeAsync();
                    Assert.False(description.Status.State.IsFinal(), $"{description.Status}; expected that it waits for room.");
                    if (!description.FailedAttempts.Any(attempt => attempt.How.Contains("the disk is full", StringComparison.Ordinal))) return null;
                    Cli words = (await Cli.RunAsync("job", "describe", job.Id, "--cluster", cluster.Data)).Exits(0);
                    return words.Out.Contains("the disk is full. Free some space", StringComparison.Ordinal) ? words : null;
                },
                async () => $"{await job.GetStatusAsync()}\n{string.Join('\n', (await job.DescribeAsync()).FailedAttempts)}\n{up.Explain()}");
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
