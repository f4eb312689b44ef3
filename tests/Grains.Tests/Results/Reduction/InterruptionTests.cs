using System.Text.Json;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Results.Reduction;

namespace MaskRcnn.Grains.Tests.Results.Reduction;

public class InterruptionTests
{
    private static readonly TestImage[] Images = TestImage.Random(12, 6, annotated: true);

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Killed_at_any_operation_and_run_again_it_gives_the_same_result(bool afterTheFact, bool composes)
    {
        TestJob undisturbed = NewJob(composes: composes);
        undisturbed.Reduce();
        string[] names = undisturbed.Names("");
        int operations = 0;
        for (bool failed = true; failed; operations++)
        {
            TestJob job = NewJob(composes: composes);
            Orphan(job);
            var faulty = new FaultyStore(job.Store, operations, afterTheFact);
            try
            {
                job.Reduce(faulty);
            }
            catch (IOException)
            {
                Assert.True(faulty.HasFailed);
            }
            failed = faulty.HasFailed;
            job.Reduce();
            Assert.Equal(names, job.Names(""));
            foreach (string name in names.Where(n => n.StartsWith(JobLayout.Result, StringComparison.Ordinal) && n != JobLayout.Manifest).Select(n => n[JobLayout.Result.Length..]))
                Assert.Equal(undisturbed.Result(name), job.Result(name));
            using JsonDocument manifest = JsonDocument.Parse(job.Text("manifest.json"));
            Assert.Equal(names.Count(n => n.StartsWith(JobLayout.Result, StringComparison.Ordinal)) - 1, manifest.RootElement.GetProperty("files").GetArrayLength());
        }
        Assert.InRange(operations, 50, 1000);
    }

    [Fact]
    public void Parts_of_late_attempts_are_gone_before_the_manifest_is_there()
    {
        TestJob job = NewJob(keepParts: true);
        string[] parts = job.Names(JobLayout.Parts);
        Orphan(job);
        job.Reduce();
        Assert.Equal(parts, job.Names(JobLayout.Parts));
    }

    [Fact]
    public void Without_keep_parts_none_is_left_also_when_a_zombie_writes_later()
    {
        TestJob job = NewJob();
        ReductionOutcome outcome = job.Reduce();
        Assert.Empty(job.Names(JobLayout.Parts));
        string[] names = job.Names("");
        Orphan(job);
        Assert.Equal(outcome, job.Reduce());
        Assert.Equal(names, job.Names(""));
    }

    [Fact]
    public void A_file_of_other_content_is_an_error_that_names_it()
    {
        TestJob job = NewJob();
        job.Put("result/report.md", "something else"u8.ToArray());
        ReductionException exception = Assert.Throws<ReductionException>(() => job.Reduce());
        Assert.Contains("result/report.md is there already", exception.Message, StringComparison.Ordinal);
        Assert.Empty(job.Names(JobLayout.Manifest));
        Assert.NotEmpty(job.Names(JobLayout.Parts));
    }

    [Fact]
    public void What_an_earlier_reduction_said_of_the_run_is_taken()
    {
        TestJob job = NewJob();
        job.Put("result/timings.json", "{}"u8.ToArray());
        job.Reduce();
        Assert.Equal("{}", job.Text("timings.json"));
        Assert.Contains("{\"name\":\"timings.json\",\"size\":2,", job.Text("manifest.json"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_reducer_whose_parts_another_has_deleted_ends_as_the_other_did()
    {
        TestJob job = NewJob();
        int reads = 0;
        ReductionRequest late = job.Request() with
        {
            Progress = _ =>
            {
                if (reads++ == 0) job.Reduce();
            },
        };
        Assert.Equal(Images.Length, Reducer.Run(late, CancellationToken.None).Images);
    }

    [Fact]
    public void It_stops_soon_after_it_is_cancelled_and_can_be_run_again()
    {
        TestJob job = NewJob();
        using var stop = new CancellationTokenSource();
        int blocks = 0;
        ReductionRequest request = job.Request() with
        {
            Progress = _ =>
            {
                if (++blocks == 2) stop.Cancel();
            },
        };
        Assert.ThrowsAny<OperationCanceledException>(() => Reducer.Run(request, stop.Token));
        Assert.Equal(2, blocks);
        job.Reduce();
        Assert.NotEmpty(job.Names(JobLayout.Manifest));
    }

    [Fact]
    public void Progress_ends_with_all_bytes()
    {
        TestJob job = NewJob();
        var last = default(ReductionProgress);
        Reducer.Run(job.Request() with { Progress = progress => last = progress }, CancellationToken.None);
        Assert.True(last.Total > 0);
        Assert.Equal(last.Total, last.Bytes);
    }

    private static TestJob NewJob(bool keepParts = false, bool composes = false) => new(Images, [5, 7], splitSeed: 1, keepParts: keepParts, composes: composes);

    private static void Orphan(TestJob job)
    {
        string shard = job.Records.First(r => r.Parts.Count > 0).Shard;
        job.Put(JobLayout.Part(shard, "late", "masks.tar"), [1, 2, 3]);
        job.Put(JobLayout.Part("00000099", "unknown", "masks.tar"), [1]);
        job.Put(JobLayout.Part("00000000", job.Records[0].Attempt, "no-such-part"), [1]);
    }
}
