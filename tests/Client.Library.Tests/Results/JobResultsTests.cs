using System.Text;
using System.Text.Json;
using MaskRcnn.Client.Jobs;
using MaskRcnn.Client.Library.Tests.Fakes;
using MaskRcnn.Client.Results;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Storage;
using MaskRcnn.Storage.Memory;

namespace MaskRcnn.Client.Library.Tests.Results;

public sealed class JobResultsTests
{
    private readonly MemoryBlobStore _store = new();

    [Fact]
    public async Task Images_are_listed_over_all_pages()
    {
        List<ResultImage> images = [];
        await foreach (ResultImage image in (await OpenAsync()).ListImagesAsync()) images.Add(image);
        Assert.Equal(["a.png", "b.png", "c.png"], images.Select(i => i.Image));
        Assert.Equal([2, 0, 1], images.Select(i => i.Misses!.Value));
        Assert.Equal([null, .9, null], images.Select(i => i.BestScore));
        Assert.Equal([null, null, "damaged"], images.Select(i => i.Cause));
        Assert.Equal(new ResultThumbnail(0, 2, 3), images[1].Thumbnail);
    }

    [Theory]
    [InlineData("a.png", 1L)]
    [InlineData("b.png", 2L)]
    [InlineData("c.png", 3L)]
    [InlineData("0.png", null)]
    [InlineData("aa.png", null)]
    [InlineData("bb.png", null)]
    [InlineData("d.png", null)]
    public async Task An_image_is_found_by_its_name(string name, long? id) => Assert.Equal(id, (await (await OpenAsync()).FindImageAsync(name))?.Id);

    [Fact]
    public async Task One_images_masks_are_read_out_of_the_archive()
    {
        JobResults results = await OpenAsync();
        using JsonDocument? masks = await results.ReadImageAsync((await results.FindImageAsync("b.png"))!);
        Assert.Equal(HandMadeResult.MasksOfB, masks!.RootElement.GetRawText());
        Assert.Null(await results.ReadImageAsync((await results.FindImageAsync("c.png"))!));
    }

    [Fact]
    public async Task A_thumbnail_is_read_out_of_its_pack()
    {
        JobResults results = await OpenAsync();
        Assert.Equal("PNG"u8.ToArray(), await results.ReadThumbnailAsync((await results.FindImageAsync("b.png"))!));
        Assert.Null(await results.ReadThumbnailAsync((await results.FindImageAsync("a.png"))!));
    }

    [Fact]
    public async Task An_archive_that_is_too_short_is_named()
    {
        JobResults results = await OpenAsync();
        ResultImage image = (await results.FindImageAsync("b.png"))!;
        await HandMadeResult.PutAsync(_store, "masks.tar", "short");
        Assert.Contains("masks.tar", (await Assert.ThrowsAsync<InvalidDataException>(() => results.ReadImageAsync(image))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_download_has_every_file_and_the_manifest()
    {
        using var folder = new TemporaryFolder();
        JobResults results = await OpenAsync();
        await results.DownloadAsync(folder.File("here"));
        string[] expected = [.. results.Manifest.Files.Select(f => f.Name).Append("manifest.json").Order(StringComparer.Ordinal)];
        string[] found = [.. Directory.EnumerateFiles(folder.File("here"), "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder.File("here"), f)).Order(StringComparer.Ordinal)];
        Assert.Equal(expected, found);
        Assert.Equal("# Report\n", File.ReadAllText(folder.File("here/report.md")));
    }

    [Theory]
    [InlineData("# Repord\n")]
    [InlineData("# Report\n\n")]
    [InlineData("")]
    public async Task A_download_of_a_file_that_was_changed_fails_and_leaves_no_manifest(string changed)
    {
        using var folder = new TemporaryFolder();
        JobResults results = await OpenAsync();
        await results.DownloadAsync(folder.Root);
        await HandMadeResult.PutAsync(_store, "report.md", changed);
        Assert.Contains("report.md", (await Assert.ThrowsAsync<InvalidDataException>(() => results.DownloadAsync(folder.Root))).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("manifest.json")));
        Assert.Equal("# Report\n", File.ReadAllText(folder.File("report.md")));
        Assert.Empty(Directory.EnumerateFiles(folder.Root, "*.tmp", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("[\n{1},\n{2}\n]\n", true)]
    [InlineData("[\n{1},\n{3}\n]\n", false)]
    [InlineData("[\n{0},\n{2}\n]\n", false)]
    [InlineData("[\n{1},\n{2}\n] \n", false)]
    [InlineData("[\n{1},\n{2}\n]", false)]
    public async Task A_file_that_the_store_put_together_is_checked_by_its_pieces(string content, bool isRight)
    {
        using var folder = new TemporaryFolder();
        // The parts as workers wrote them; the first one's comma is not in the file.
        object[] pieces = [Piece("[", 0), Piece(",\n{1}", 1), Piece(",\n{2}", 0), Piece("\n]\n", 0)];
        await HandMadeResult.PutAsync(_store, "manifest.json", JsonSerializer.Serialize(new { schema = 1, files = new[] { new { name = "detections.json", size = 13, etag = "1", pieces } } }));
        await HandMadeResult.PutAsync(_store, "detections.json", content);
        JobResults results = await JobResults.OpenAsync(_store);
        Assert.Null(Assert.Single(results.Manifest.Files).Sha256);
        if (isRight) await results.DownloadAsync(folder.Root);
        else Assert.Contains("detections.json", (await Assert.ThrowsAsync<InvalidDataException>(() => results.DownloadAsync(folder.Root))).Message, StringComparison.Ordinal);
        Assert.Equal(isRight, File.Exists(folder.File("detections.json")));

        static object Piece(string part, int cut) => new
        {
            size = part.Length - cut,
            sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(part))),
            cut = cut > 0 ? part[..cut] : null,
        };
    }

    [Theory]
    [InlineData("""{"files":[{"name":"a","size":1}]}""")]
    [InlineData("""{"files":[{"name":"a","size":1,"pieces":[]}]}""")]
    [InlineData("""{"files":[{"name":"a","size":1,"pieces":[null]}]}""")]
    [InlineData("""{"files":[{"name":"a","size":1,"pieces":[{"size":-1,"sha256":"0"},{"size":2,"sha256":"0"}]}]}""")]
    public Task A_manifest_without_hashes_is_damaged(string text) => A_damaged_manifest_is_named(text);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"generation":0}""")]
    [InlineData("""{"generation":"two"}""")]
    public async Task A_damaged_pointer_to_the_current_result_is_named(string text)
    {
        await _store.WriteAsync("current.json", Encoding.UTF8.GetBytes(text), default, "test", CancellationToken.None);
        Assert.Contains("current.json", (await Assert.ThrowsAsync<InvalidDataException>(() => JobResults.OpenAsync(_store))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_generation_without_a_result_is_not_ready_and_its_folder_is_named()
    {
        await HandMadeResult.PutAsync(_store, "manifest.json", HandMadeResult.Manifest([("a", "x")]));
        Assert.Equal(1, (await JobResults.OpenAsync(_store, 1)).Manifest.Generation);
        Assert.Contains("result-2 holds no manifest.json", (await Assert.ThrowsAsync<ResultsNotReadyException>(() => JobResults.OpenAsync(_store, 2))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => JobResults.OpenAsync(_store, 0));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../b")]
    [InlineData("a//b")]
    [InlineData("..\\b")]
    [InlineData("C:/b")]
    [InlineData("")]
    public async Task A_manifest_that_names_what_is_outside_the_result_is_refused(string name)
    {
        await HandMadeResult.PutAsync(_store, "manifest.json", HandMadeResult.Manifest([(name, "x")]));
        await Assert.ThrowsAsync<InvalidDataException>(() => JobResults.OpenAsync(_store));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"files":[{"name":null}]}""")]
    public async Task A_damaged_manifest_is_named(string text)
    {
        await HandMadeResult.PutAsync(_store, "manifest.json", text);
        Assert.Contains("manifest.json", (await Assert.ThrowsAsync<InvalidDataException>(() => JobResults.OpenAsync(_store))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(JobState.Running, "job watch")]
    [InlineData(JobState.Cancelled, "no result")]
    [InlineData(JobState.Failed, "no result")]
    public async Task A_job_without_a_result_says_so(JobState state, string expected)
    {
        var cluster = new FakeCluster();
        JobHandle job = await cluster.Client().GetJobAsync("photos");
        cluster.Statuses[0] = FakeCluster.Running with { State = state };
        ResultsNotReadyException exception = await Assert.ThrowsAsync<ResultsNotReadyException>(() => job.OpenResultsAsync());
        Assert.Equal(state, exception.State);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_jobs_result_is_opened_by_the_SAS_that_its_status_does_not_show()
    {
        const string Folder = "https://acc.blob.core.windows.net/c/out/" + FakeCluster.Job;
        var cluster = new FakeCluster { OutputUri = Folder + "?sig=SECRET" };
        cluster.Statuses[0] = FakeCluster.Running with { State = JobState.Succeeded, Output = Folder + "?…" };
        await HandMadeResult.WriteAsync(cluster.Store);
        JobHandle job = await cluster.Client().GetJobAsync("photos");
        Assert.Equal(Folder + "?…", job.Output);
        Assert.NotEmpty((await job.OpenResultsAsync()).Manifest.Files);
    }

    [Fact]
    public async Task A_folder_without_a_manifest_holds_no_result()
    {
        await HandMadeResult.PutAsync(_store, "masks.tar", "x");
        Assert.Null((await Assert.ThrowsAsync<ResultsNotReadyException>(() => JobResults.OpenAsync(_store))).State);
    }

    [Fact]
    public async Task Any_file_opens_as_a_stream()
    {
        JobResults results = await OpenAsync();
        using var reader = new StreamReader(await results.OpenFileAsync("report.md"), Encoding.UTF8);
        Assert.Equal("# Report\n", await reader.ReadToEndAsync());
        await Assert.ThrowsAsync<BlobNotFoundException>(() => results.OpenFileAsync("nothing"));
    }

    private async Task<JobResults> OpenAsync()
    {
        await HandMadeResult.WriteAsync(_store);
        return await JobResults.OpenAsync(_store);
    }
}
