using MaskRcnn.Grains.Jobs;

namespace MaskRcnn.Cluster.Tests.InProcess;

/// <summary>An evaluation that would need too much memory is refused before the work.</summary>
public sealed class EvaluationMemoryTests(UndisturbedRun undisturbed) : IClassFixture<UndisturbedRun>
{
    [Fact]
    public async Task A_dry_run_says_what_the_evaluation_needs_and_a_job_above_its_limit_fails_with_what_to_do()
    {
        await using JobCluster cluster = await JobCluster.StartAsync(undisturbed.Blobs, silos: 1);
        string truth = Path.Combine(Path.GetDirectoryName(undisturbed.Blobs.Model)!, "truth.json");
        await File.WriteAllTextAsync(truth, """{"images":[{"id":1,"file_name":"0/00000.png","width":8,"height":8}],"annotations":[],"categories":[{"id":1,"name":"thing"}]}""");
        JobSpecification specification = cluster.Specification() with { Name = "small", Annotations = truth, MaxEvaluationBytes = 1_000_000 };

        DryRunReport report = await DryRunAsync(cluster, specification);
        Assert.InRange(report.EvaluationBytes, 1_000_000, 4_000_000);
        Assert.Contains("--max-eval-memory", Assert.Single(report.Problems), StringComparison.Ordinal);
        JobStatus end = await cluster.WaitForEndAsync(await cluster.SubmitAsync(specification));
        Assert.Equal(JobState.Failed, end.State);
        Assert.Contains("needs", end.Reason, StringComparison.Ordinal);
        Assert.Contains("at most 1.0 MB", end.Reason, StringComparison.Ordinal);

        Assert.Empty((await DryRunAsync(cluster, specification with { Name = "enough", MaxEvaluationBytes = null })).Problems);
        Assert.Equal(0, (await DryRunAsync(cluster, specification with { Name = "none", Annotations = null })).EvaluationBytes);
    }

    private static async Task<DryRunReport> DryRunAsync(JobCluster cluster, JobSpecification specification)
    {
        IDryRunGrain grain = cluster.Grains.GetGrain<IDryRunGrain>(Guid.NewGuid());
        while (true)
        {
            DryRunReport report = await grain.Poll(specification, CancellationToken.None);
            if (report.Done) return report;
        }
    }
}
