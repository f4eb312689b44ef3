using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Storage;
using MaskRcnn.Storage.Faults;
using MaskRcnn.Storage.Memory;
using Microsoft.Extensions.Time.Testing;

namespace MaskRcnn.Grains.Tests.Jobs;

/// <summary>What a silo knows of a job when another silo has deleted it, or taken it in again.</summary>
public sealed class JobDirectoryTests
{
    private const string Job = "20261123-120000-abcdef";
    private const string Output = "https://a.blob.core.windows.net/c/out/" + Job;

    private static readonly CancellationToken None = CancellationToken.None;

    private readonly FakeTimeProvider _time = new();
    private readonly MemoryBlobStore _blobs = new(), _state = new();
    private bool _isAway;
    private readonly JobDirectory _directory;

    public JobDirectoryTests()
    {
        var state = new FaultyBlobStore(_state, (_, _) => _isAway ? new Fault(FaultKind.Failed) : null);
        _directory = new JobDirectory(state, new Stores(_ => _blobs), _time);
        Put(_blobs, JobLayout.Job, new JobDocument
        {
            Job = Job, Name = Job, Created = _time.GetUtcNow(), Output = Output, ShardSize = new ShardSize(4, 1 << 20),
            Specification = new JobSpecification { Images = "/images", Model = "/model", Output = "/out" }, Model = new ModelDocument("/model", "tag", 1, new string('0', 64), "m", ["bbox"]), Categories = [],
        });
        Point("one");
    }

    [Fact]
    public async Task A_job_that_was_taken_in_again_with_another_SAS_is_opened_by_it_within_a_minute()
    {
        Assert.EndsWith("sig=one", (await _directory.OpenAsync(Job, None)).Addresses.Output, StringComparison.Ordinal);
        await _state.DeleteAsync(JobLayout.JobPointer(Job), null, None);
        Point("two");
        Assert.EndsWith("sig=one", (await _directory.OpenAsync(Job, None)).Addresses.Output, StringComparison.Ordinal);
        _time.Advance(JobDirectory.Fresh);
        Assert.EndsWith("sig=two", (await _directory.OpenAsync(Job, None)).Addresses.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_another_silo_has_deleted_is_not_found_after_a_minute()
    {
        await _directory.OpenAsync(Job, None);
        await _state.DeleteAsync(JobLayout.JobPointer(Job), null, None);
        _time.Advance(JobDirectory.Fresh);
        Assert.Contains(Job, (await Assert.ThrowsAsync<JobNotFoundException>(() => _directory.OpenAsync(Job, None))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_known_does_while_the_state_root_is_away()
    {
        JobContext known = await _directory.OpenAsync(Job, None);
        _isAway = true;
        _time.Advance(JobDirectory.Fresh);
        Assert.Same(known, await _directory.OpenAsync(Job, None));
        await Assert.ThrowsAnyAsync<BlobException>(() => _directory.OpenAsync("20261123-120000-zzzzzz", None));
    }

    [Fact]
    public async Task A_job_that_nobody_asks_for_is_not_kept_and_one_that_is_in_use_is()
    {
        const string Other = "20261123-120000-zzzzzz";
        Put(_state, JobLayout.JobPointer(Other), new PointerDocument(Other, Other, Output, _time.GetUtcNow(), null));
        await _directory.OpenAsync(Other, None);
        JobContext used = await _directory.OpenAsync(Job, None);
        Assert.Equal(2, _directory.Count);
        for (TimeSpan passed = TimeSpan.Zero; passed < 2 * JobDirectory.Unused; passed += JobDirectory.Fresh)
        {
            _time.Advance(JobDirectory.Fresh);
            Assert.Same(used, await _directory.OpenAsync(Job, None));
        }
        Assert.Equal(1, _directory.Count);
    }

    private void Point(string signature) => Put(_state, JobLayout.JobPointer(Job), new PointerDocument(Job, Job, Output, _time.GetUtcNow(), new JobAddresses("/images", "/model", $"{Output}?sig={signature}", null)));

    private static void Put<T>(MemoryBlobStore store, string name, T document) where T : class =>
        store.WriteAsync(name, DocumentJson.Write(document), WriteCondition.Absent, "test", None).GetAwaiter().GetResult();
}
