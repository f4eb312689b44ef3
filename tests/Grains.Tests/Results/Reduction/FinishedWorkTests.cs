using System.Text.Json;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Results.Reduction;

namespace MaskRcnn.Grains.Tests.Results.Reduction;

/// <summary>The result of a job that ended before its work was done. The oracle is a job over the finished images alone.</summary>
public sealed class FinishedWorkTests
{
    private static readonly string[] Compared = ["masks.tar", "detections.json", "index/00000000.json", "index/index.json", "thumbnails/00000.tar"];

    public static TheoryData<int, bool, bool> Cases => new() { { 1, true, true }, { 2, true, false }, { 3, false, true }, { 4, true, true }, { 5, false, false }, { 6, true, true } };

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_finished_is_a_result_as_of_a_job_over_these_images(int seed, bool annotated, bool isListed)
    {
        TestImage[] images = TestImage.Random(30, seed, annotated);
        var job = new TestJob(images, [7, 4, 9, 3, 7], splitSeed: seed, annotated: annotated);
        TestImage[] finished = Lose(job, images, seed);
        if (!isListed) job.Delete(JobLayout.Listing);
        ReductionOutcome outcome = Reduce(job);
        Assert.Equal((30, finished.Length), (outcome.Images, outcome.Done + outcome.Failed));

        var whole = new TestJob(finished, [finished.Length], splitSeed: seed, annotated: annotated);
        whole.Reduce();
        foreach (string name in Compared) Assert.Equal(whole.Result(name), job.Result(name));
        using JsonDocument report = JsonDocument.Parse(job.Result("report.json")), expected = JsonDocument.Parse(whole.Result("report.json"));
        Assert.Equal(expected.RootElement.GetProperty("iouTypes").GetRawText(), report.RootElement.GetProperty("iouTypes").GetRawText());
        Assert.Equal(30 - finished.Length, report.RootElement.GetProperty("counts").GetProperty("notProcessed").GetInt64());
        using JsonDocument manifest = JsonDocument.Parse(job.Result("manifest.json"));
        Assert.Equal((true, true, "cancelled"), (manifest.RootElement.GetProperty("partial").GetBoolean(), manifest.RootElement.GetProperty("partsKept").GetBoolean(), manifest.RootElement.GetProperty("state").GetString()!.ToLowerInvariant()));
    }

    [Fact]
    public void What_is_committed_after_the_reduction_began_is_not_in_it_however_often_it_begins()
    {
        TestImage[] images = TestImage.Random(30, 11, annotated: true);
        var job = new TestJob(images, [7, 4, 9, 3, 7], splitSeed: 11);
        CommitRecord late = job.Records.First(record => record.Children is null && record.Shard.StartsWith("00000002", StringComparison.Ordinal));
        job.Delete(JobLayout.Commit(late.Shard));
        Reduce(job);
        byte[] before = job.Result("masks.tar");
        // The manifest was not written any more, a late worker came, and another reducer begins.
        job.Delete(JobLayout.Manifest);
        job.Put(JobLayout.Commit(late.Shard), DocumentJson.Write(late));
        Reduce(job);
        Assert.Equal(before, job.Result("masks.tar"));
        Assert.All(late.Parts, part => Assert.NotNull(job.ETag(part.Name)));
    }

    [Fact]
    public void A_whole_result_says_nothing_of_parts()
    {
        var job = new TestJob(TestImage.Random(9, 3, annotated: true), [5, 4]);
        job.Reduce();
        Assert.DoesNotContain("notProcessed", job.Text("report.json"), StringComparison.Ordinal);
        using JsonDocument manifest = JsonDocument.Parse(job.Result("manifest.json"));
        Assert.False(manifest.RootElement.GetProperty("partial").GetBoolean());
    }

    private static ReductionOutcome Reduce(TestJob job) => Reducer.Run(job.Request() with { EndedEarly = JobState.Cancelled }, CancellationToken.None);

    /// <summary>Takes about a third of the commit records away, children's too.</summary>
    /// <returns>The images that are left.</returns>
    private static TestImage[] Lose(TestJob job, TestImage[] images, int seed)
    {
        var random = new Random(seed);
        bool[] isLost = new bool[images.Length];
        foreach (CommitRecord record in job.Records.Where(record => record.Children is null))
        {
            if (random.Next(3) > 0) continue;
            job.Delete(JobLayout.Commit(record.Shard));
            Array.Fill(isLost, true, (int)record.First, record.Count);
        }
        return [.. images.Where((_, i) => !isLost[i])];
    }
}
