using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Generations;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Tests.Results.Parts;
using MaskRcnn.Storage;
using MaskRcnn.Storage.Memory;
using Microsoft.Extensions.Time.Testing;

namespace MaskRcnn.Grains.Tests.Generations;

/// <summary>What is kept of a job that has ended, and how long.</summary>
public sealed class RetentionTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly FakeTimeProvider _time = new();
    private readonly MemoryBlobStore _blobs = new();
    private readonly Retention _retention;
    private readonly DateTimeOffset _end;

    public RetentionTests()
    {
        _end = _time.GetUtcNow();
        _retention = new Retention(new RetentionOptions(), _time);
    }

    [Fact]
    public async Task Parts_stay_seven_days_and_the_job_is_known_for_thirty()
    {
        JobContext job = await EndedAsync(new JobSpecification { Images = "i", Model = "m", Output = "o" });
        Assert.Equal(new TidyReport(_end + 7 * Day, false), await _retention.TidyAsync(job, None));
        Assert.Equal(2, await PartsAsync());

        _time.Advance(7 * Day);
        await DeletedAsync(job);
        Assert.NotNull(await _blobs.FindAsync(JobLayout.PartsDeleted, None));
        Assert.Equal(new TidyReport(_end + 30 * Day, false), await _retention.TidyAsync(job, None));

        _time.Advance(23 * Day);
        Assert.True((await _retention.TidyAsync(job, None)).IsOver);
        Assert.NotNull(await _blobs.FindAsync("result/manifest.json", None));
    }

    [Fact]
    public async Task Parts_that_are_to_stay_longer_than_the_job_is_known_keep_it_known()
    {
        JobContext job = await EndedAsync(new JobSpecification { Images = "i", Model = "m", Output = "o", KeepPartsSeconds = 60 * 86_400 });
        _time.Advance(59 * Day);
        Assert.Equal(new TidyReport(_end + 60 * Day, false), await _retention.TidyAsync(job, None));
        _time.Advance(Day);
        await DeletedAsync(job);
        Assert.True((await _retention.TidyAsync(job, None)).IsOver);
    }

    [Fact]
    public async Task Parts_that_are_kept_for_ever_outlive_what_is_known_of_the_job()
    {
        JobContext job = await EndedAsync(new JobSpecification { Images = "i", Model = "m", Output = "o", KeepParts = true });
        _time.Advance(30 * Day);
        Assert.True((await _retention.TidyAsync(job, None)).IsOver);
        Assert.Equal(2, await PartsAsync());
    }

    [Fact]
    public async Task A_deletion_that_was_cut_off_is_gone_on_with()
    {
        JobContext job = await EndedAsync(new JobSpecification { Images = "i", Model = "m", Output = "o" });
        _time.Advance(7 * Day);
        await _blobs.PutDocumentAsync(JobLayout.PartsDeleted, new PartsDeletedDocument(_time.GetUtcNow()), None);
        await DeletedAsync(job);
    }

    [Fact]
    public async Task Nothing_is_deleted_while_the_result_of_what_is_finished_is_being_written()
    {
        JobContext job = await EndedAsync(new JobSpecification { Images = "i", Model = "m", Output = "o", KeepPartsSeconds = 0 }, hasManifest: false);
        Assert.False((await _retention.TidyAsync(job, None)).IsOver);
        Assert.Equal(2, await PartsAsync());
        _time.Advance(Day);
        await DeletedAsync(job);
    }

    [Fact]
    public async Task Of_a_job_that_goes_on_nothing_is_deleted()
    {
        JobContext job = await EndedAsync(new JobSpecification { Images = "i", Model = "m", Output = "o", KeepPartsSeconds = 0 });
        await _blobs.DeleteAsync(JobLayout.End, null, None);
        _time.Advance(90 * Day);
        Assert.False((await _retention.TidyAsync(job, None)).IsOver);
        Assert.Equal(2, await PartsAsync());
    }

    private async Task<JobContext> EndedAsync(JobSpecification specification, bool hasManifest = true)
    {
        JobDocument document = SampleShard.Job() with { Specification = specification };
        await _blobs.PutDocumentAsync(JobLayout.End, new EndDocument(JobState.CompletedWithErrors, null, _end, new ImageCounts(10, 9, 1), true), None);
        if (hasManifest)
        {
            await _blobs.WriteAsync(
                JobLayout.Manifest,
                """{"job":"j","name":"j","created":"2026-01-01T00:00:00Z","finished":"2026-01-01T00:00:00Z","state":"CompletedWithErrors","counts":null,"specification":null,"model":null,"parameters":null,"versions":{},"files":[],"shards":1,"partsKept":true}"""u8.ToArray(),
                WriteCondition.Absent, "test", None);
        }
        foreach (string part in (string[])["parts/00000000/a/index.jsonl", "parts/00000001/b/index.jsonl"]) await _blobs.WriteAsync(part, new byte[1], WriteCondition.Absent, "test", None);
        return new JobContext(document, _blobs, JobAddresses.Of(specification, "o/j"));
    }

    private async Task<int> PartsAsync()
    {
        int parts = 0;
        await foreach (BlobPage page in _blobs.ListAsync(JobLayout.Parts, null, 1000, None)) parts += page.Blobs.Count;
        return parts;
    }

    /// <summary>Until all parts are gone, which another thread does.</summary>
    private async Task DeletedAsync(JobContext job)
    {
        for (long start = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30); await Task.Yield())
        {
            TidyReport report = await _retention.TidyAsync(job, None);
            if (await PartsAsync() == 0 && (report.IsOver || report.Next > _time.GetUtcNow() + TimeSpan.FromMinutes(1))) return;
        }
        Assert.Fail("The parts are not deleted.");
    }
}
