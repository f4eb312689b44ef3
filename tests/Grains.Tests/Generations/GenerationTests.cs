using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Generations;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Tests.Results.Parts;
using MaskRcnn.Storage;
using MaskRcnn.Storage.Memory;

namespace MaskRcnn.Grains.Tests.Generations;

/// <summary>What a later generation sees in the job's folder.</summary>
public sealed class GenerationTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly MemoryBlobStore _folder = new();
    private readonly JobContext _first;

    public GenerationTests() => _first = new JobContext(SampleShard.Job(), _folder, JobAddresses.Of(SampleShard.Job().Specification, "o/j"));

    [Theory]
    [InlineData("job.json", "job.json")]
    [InlineData("parts/00000001/a/masks.tar", "parts/00000001/a/masks.tar")]
    [InlineData("segments/00000001.json", "segments/00000001.json")]
    [InlineData("groundtruth/00000001.json", "groundtruth/00000001.json")]
    [InlineData("segments/00000002.json", "generations/2/segments/00000002.json")]
    [InlineData("groundtruth/00000002.json", "generations/2/groundtruth/00000002.json")]
    [InlineData("listing.json", "generations/2/listing.json")]
    [InlineData("commits/00000001.0.json", "generations/2/commits/00000001.0.json")]
    [InlineData("end.json", "generations/2/end.json")]
    [InlineData("pause.json", "generations/2/pause.json")]
    [InlineData("result/manifest.json", "result-2/manifest.json")]
    [InlineData("result/index/index.json", "result-2/index/index.json")]
    public void Its_own_documents_are_beside_those_of_the_first(string name, string place) =>
        Assert.Equal(place, new GenerationStore(_folder, null, new GenerationDocument(2, default, 2, IsListed: false)).Place(name));

    [Theory]
    [InlineData("segments/00000001.json", "segments/00000001.json")]
    [InlineData("segments/00000003.json", "generations/2/segments/00000003.json")]
    [InlineData("segments/00000004.json", "generations/3/segments/00000004.json")]
    [InlineData("listing.json", "generations/2/listing.json")]
    [InlineData("commits/00000001.json", "generations/3/commits/00000001.json")]
    [InlineData("result/manifest.json", "result-3/manifest.json")]
    public void What_was_listed_stays_where_the_generation_that_listed_it_has_put_it(string name, string place)
    {
        var second = new GenerationStore(_folder, null, new GenerationDocument(2, default, 2, IsListed: false));
        Assert.Equal(place, new GenerationStore(_folder, second, new GenerationDocument(3, default, 4, IsListed: true)).Place(name));
    }

    [Fact]
    public async Task A_listing_has_the_names_that_are_asked_for()
    {
        var store = new GenerationStore(_folder, null, new GenerationDocument(2, default, 0, IsListed: false));
        foreach (string shard in (string[])["00000000", "00000001", "00000002"]) await store.PutDocumentAsync(JobLayout.Commit(shard), Record(shard, 0), None);
        await _folder.PutDocumentAsync(JobLayout.Commit("00000009"), Record("00000009", 0), None);
        List<string> names = [];
        await foreach (BlobPage page in store.ListAsync(JobLayout.Commits, new ListPosition("commits/00000000.json"), 1, None)) names.AddRange(page.Blobs.Select(blob => blob.Name));
        Assert.Equal(["commits/00000001.json", "commits/00000002.json"], names);
        Assert.Equal("commits/00000001.json", (await store.FindAsync("commits/00000001.json", None))!.Name);
    }

    [Fact]
    public async Task A_shard_counts_if_every_image_of_it_has_a_result()
    {
        await EndAsync(JobState.CompletedWithErrors, Record("00000000", 0), Record("00000001", 2), Split("00000002"), Record("00000002.0", 0), Record("00000002.1", 1));
        JobContext second = await NextAsync(_first);
        Assert.Equal(["00000000", "00000002", "00000002.0"], await CountingAsync(second));
        // Its own record takes the place of the earlier one.
        await second.Store.PutDocumentAsync(JobLayout.Commit("00000001"), Record("00000001", 0) with { Attempt = "new" }, None);
        Assert.Equal("new", (await second.Commits.FindAsync("00000001", None))!.Attempt);
        Assert.Equal(0, (await _first.Commits.FindAsync("00000001", None))!.Done);
    }

    [Fact]
    public async Task Of_a_job_that_ended_early_only_what_is_in_its_result_counts()
    {
        await EndAsync(JobState.Cancelled, Record("00000000", 0), Split("00000001"), Record("00000001.0", 0));
        await _folder.PutDocumentAsync(JobLayout.Finished, new FinishedDocument(1, ["00000000", "00000001.0"]), None);
        // A worker that did not know of the end.
        await _folder.PutDocumentAsync(JobLayout.Commit("00000002"), Record("00000002", 0), None);
        await _folder.PutDocumentAsync(JobLayout.Commit("00000003"), Split("00000003"), None);
        Assert.Equal(["00000000", "00000001", "00000001.0"], await CountingAsync(await NextAsync(_first)));
    }

    [Fact]
    public async Task The_results_of_a_shard_that_was_cut_again_are_those_of_the_shard_it_was_cut_from()
    {
        await EndAsync(JobState.CompletedWithErrors, Record("00000001", 2), Split("00000002"), Record("00000002.0", 1));
        EarlierCommits earlier = (await NextAsync(_first)).Commits.Earlier!;
        Assert.Equal("00000001", (await earlier.FindLeafAsync("00000001.1.0", None))!.Shard);
        Assert.Equal("00000002.0", (await earlier.FindLeafAsync("00000002.0", None))!.Shard);
        Assert.Null(await earlier.FindLeafAsync("00000002.1", None));
        Assert.Null(await earlier.FindLeafAsync("00000003", None));
    }

    [Fact]
    public async Task A_third_generation_goes_on_from_the_second()
    {
        await EndAsync(JobState.CompletedWithErrors, Record("00000000", 0), Record("00000001", 2), Record("00000002", 2));
        JobContext second = await NextAsync(_first);
        await second.Store.PutDocumentAsync(JobLayout.Commit("00000001"), Record("00000001", 0), None);
        await second.Store.PutDocumentAsync(JobLayout.Commit("00000002"), Record("00000002", 1), None);
        await second.Store.PutDocumentAsync(JobLayout.End, new EndDocument(JobState.CompletedWithErrors, null, default, default, true), None);
        JobContext third = await NextAsync(second);
        Assert.Equal(["00000000", "00000001"], await CountingAsync(third));
        Assert.Equal((3, "j@3", 3), (third.Generation, third.Run, await Generation.LatestAsync(_folder, None)));
        Assert.Equal(1, (await third.Commits.Earlier!.FindLeafAsync("00000002", None))!.Failed);
    }

    [Fact]
    public async Task The_current_result_never_goes_back()
    {
        await CurrentResult.MoveAsync(_folder, 2, isPartial: false, None);
        Assert.Equal(new CurrentDocument(2, "result-2/"), await _folder.ReadDocumentAsync<CurrentDocument>(JobLayout.Current, None));
        await CurrentResult.MoveAsync(_folder, 3, isPartial: false, None);
        await CurrentResult.MoveAsync(_folder, 2, isPartial: false, None);
        Assert.Equal(3, (await _folder.ReadDocumentAsync<CurrentDocument>(JobLayout.Current, None)).Generation);
    }

    [Fact]
    public async Task A_partial_result_takes_the_place_of_none()
    {
        await _folder.WriteAsync("result/manifest.json", new byte[1], WriteCondition.Absent, "test", None);
        await CurrentResult.MoveAsync(_folder, 2, isPartial: true, None);
        Assert.Null(await _folder.FindAsync(JobLayout.Current, None));
        await _folder.DeleteAsync("result/manifest.json", null, None);
        await CurrentResult.MoveAsync(_folder, 2, isPartial: true, None);
        Assert.Equal(2, (await _folder.ReadDocumentAsync<CurrentDocument>(JobLayout.Current, None)).Generation);
    }

    [Fact]
    public async Task What_a_retry_that_was_cancelled_did_not_come_to_is_taken_from_before_it()
    {
        await EndAsync(JobState.CompletedWithErrors, Record("00000000", 0), Record("00000001", 1));
        JobContext second = await NextAsync(_first);
        await second.Store.PutDocumentAsync(JobLayout.End, new EndDocument(JobState.Cancelled, null, default, default, true), None);
        JobContext third = await NextAsync(second);
        Assert.Equal(["00000000", "00000001"], [(await third.Commits.Earlier!.FindLeafAsync("00000000", None))!.Shard, (await third.Commits.Earlier!.FindLeafAsync("00000001", None))!.Shard]);
    }

    [Theory]
    [InlineData("j@1")]
    [InlineData("j@x")]
    [InlineData("j@")]
    public void What_is_no_generation_is_no_job(string run) => Assert.Throws<JobNotFoundException>(() => RunId.Parse(run));

    private static async Task<JobContext> NextAsync(JobContext job)
    {
        Assert.Equal(job.Generation + 1, await Generation.BeginAsync(job, default, None));
        // Begun again, as an answer was lost.
        Assert.Equal(job.Generation + 1, await Generation.BeginAsync(job, default, None));
        return await Generation.OpenNextAsync(job, None);
    }

    private static async Task<List<string>> CountingAsync(JobContext job)
    {
        List<string> shards = [];
        await foreach (string shard in job.Commits.ListAsync(null, null, None))
        {
            if (await job.Commits.FindAsync(shard, None) is not null) shards.Add(shard);
        }
        return [.. shards.Order(StringComparer.Ordinal)];
    }

    private static CommitRecord Record(string shard, int failed) => new() { Shard = shard, Segment = 0, First = 0, Count = 2, Attempt = "a", Done = 2 - failed, Failed = failed };

    private static CommitRecord Split(string shard) => new() { Shard = shard, Segment = 0, First = 0, Count = 2, Attempt = "a", Children = [1, 1] };

    private async Task EndAsync(JobState state, params CommitRecord[] records)
    {
        foreach (CommitRecord record in records) await _folder.PutDocumentAsync(JobLayout.Commit(record.Shard), record, None);
        await _folder.PutDocumentAsync(JobLayout.End, new EndDocument(state, null, default, default, true), None);
    }
}
