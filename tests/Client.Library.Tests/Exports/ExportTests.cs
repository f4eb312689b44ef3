using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using MaskRcnn.Client.Exports;
using MaskRcnn.Client.Library.Tests.Fakes;
using MaskRcnn.Client.Results;
using MaskRcnn.Storage;
using MaskRcnn.Storage.Faults;
using MaskRcnn.Storage.Memory;

namespace MaskRcnn.Client.Library.Tests.Exports;

public sealed class ExportTests
{
    private readonly MemoryBlobStore _job = new(), _output = new();

    public static TheoryData<ExportFormat> Formats => [.. Enum.GetValues<ExportFormat>()];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task The_same_export_again_finds_every_byte_there(ExportFormat format)
    {
        ExportReport first = await ExportAsync(format);
        Dictionary<string, string> files = await FilesAsync();
        ExportReport second = await ExportAsync(new ExportOptions { Format = format, Parallelism = 1 });
        Assert.Equal(first with { Unchanged = first.Files }, second);
        Assert.Equal(0, first.Unchanged);
        Assert.Equal(files, await FilesAsync());
        Assert.Equal(first.Files + 1, files.Count);
        Assert.Contains(first.File, files.Keys);
        using JsonDocument end = JsonDocument.Parse(files["export.json"]);
        Assert.Equal((ExportFormats.Name(format), first.Detections), (end.RootElement.GetProperty("format").GetString(), end.RootElement.GetProperty("detections").GetInt64()));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Another_export_does_not_replace_one_unless_it_is_told_to(ExportFormat format)
    {
        await ExportAsync(format);
        Dictionary<string, string> files = await FilesAsync();
        var other = new ExportOptions { Format = format, ScoreThreshold = .6 };
        Assert.Contains("export.json", (await Assert.ThrowsAsync<ExportExistsException>(() => ExportAsync(other))).File, StringComparison.Ordinal);
        Assert.Equal(files, await FilesAsync());
        ExportReport replaced = await ExportAsync(other with { Overwrite = true });
        Assert.Equal((3, 0), (replaced.Detections, replaced.Unchanged));
        Assert.NotEqual(files, await FilesAsync());
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_foreign_file_in_the_way_is_seen_before_anything_is_written(ExportFormat format)
    {
        string name = (await ExportAsync(format)).File;
        var output = new MemoryBlobStore();
        await DrawnResult.PutAsync(output, name, "mine"u8.ToArray());
        JobResults results = await JobResults.OpenAsync(_job);
        ExportExistsException exception = await Assert.ThrowsAsync<ExportExistsException>(() => results.ExportAsync(output, new ExportOptions { Format = format }));
        Assert.EndsWith(name, exception.File, StringComparison.Ordinal);
        Assert.Contains("--overwrite", exception.Message, StringComparison.Ordinal);
        Assert.Equal([name], (await FilesAsync(output)).Keys);
    }

    [Fact]
    public async Task A_foreign_file_of_an_image_is_not_replaced()
    {
        await DrawnResult.PutAsync(_output, "labels/x.txt", "mine"u8.ToArray());
        Assert.EndsWith("labels/x.txt", (await Assert.ThrowsAsync<ExportExistsException>(() => ExportAsync(ExportFormat.Yolo))).File, StringComparison.Ordinal);
        Dictionary<string, string> files = await FilesAsync();
        Assert.Equal("mine", files["labels/x.txt"]);
        Assert.DoesNotContain("data.yaml", files.Keys);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_cancelled_export_leaves_nothing_that_looks_whole_and_can_be_repeated(ExportFormat format)
    {
        using var cancellation = new CancellationTokenSource();
        var options = new ExportOptions { Format = format, Parallelism = 1, Progress = new AtOnce(progress => { if (progress.Images == 2) cancellation.Cancel(); }) };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ExportAsync(options, cancellation.Token));
        Dictionary<string, string> files = await FilesAsync();
        Assert.All(files.Keys, name => Assert.Contains('/', name));

        ExportReport report = await ExportAsync(format);
        Assert.Equal(files.Count, report.Unchanged);
        var whole = new MemoryBlobStore();
        await (await JobResults.OpenAsync(_job)).ExportAsync(whole, new ExportOptions { Format = format });
        Assert.Equal(await FilesAsync(whole), await FilesAsync());
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task An_archive_that_was_changed_makes_no_whole_export(ExportFormat format)
    {
        await DrawnResult.Small().WriteAsync(_job);
        byte[] archive = (await _job.ReadAsync("result/masks.tar", null, CancellationToken.None)).Data;
        // A score, so that the JSON stays what it was but for a digit.
        int digit = archive.AsSpan().IndexOf("0.25"u8);
        archive[digit + 2] = (byte)'3';
        await DrawnResult.PutAsync(_job, "result/masks.tar", archive);
        JobResults results = await JobResults.OpenAsync(_job);
        Assert.Contains("masks.tar", (await Assert.ThrowsAsync<InvalidDataException>(() => results.ExportAsync(_output, new ExportOptions { Format = format }))).Message, StringComparison.Ordinal);
        Assert.All((await FilesAsync()).Keys, name => Assert.Contains('/', name));
    }

    [Theory]
    [InlineData("../a.png")]
    [InlineData("/a.png")]
    [InlineData("a/../../b.png")]
    [InlineData("a//b.png")]
    [InlineData("a\\b.png")]
    public async Task An_image_whose_file_would_leave_the_output_stops_everything(string name)
    {
        await new DrawnResult(new DrawnImage(name, 1, 1, 1, [new DrawnInstance(1, .5, ["#"])])).WriteAsync(_job);
        JobResults results = await JobResults.OpenAsync(_job);
        foreach (ExportFormat format in Enum.GetValues<ExportFormat>())
            Assert.Contains(name, (await Assert.ThrowsAsync<InvalidDataException>(() => results.ExportAsync(_output, new ExportOptions { Format = format }))).Message, StringComparison.Ordinal);
        Assert.Empty(await FilesAsync());
    }

    [Theory]
    [InlineData("a.jpg", "a.png")]
    [InlineData("a.jpg", "a.jpg-2.png", "a.jpg.png", "a.png")]
    [InlineData("a.b/c.jpg", "a.b/c.jpg.d.png", "a.b/c.png")]
    public async Task Images_that_differ_in_their_endings_only_cannot_be_told_apart_by_YOLO_and_panoptic(params string[] names)
    {
        await new DrawnResult([.. names.Select((name, i) => new DrawnImage(name, i, 1, 1, [new DrawnInstance(1, .5, ["#"])]))]).WriteAsync(_job);
        JobResults results = await JobResults.OpenAsync(_job);
        foreach (ExportFormat format in (ExportFormat[])[ExportFormat.Yolo, ExportFormat.Panoptic])
            Assert.Contains(names[^1], (await Assert.ThrowsAsync<ExportException>(() => results.ExportAsync(_output, new ExportOptions { Format = format }))).Message, StringComparison.Ordinal);
        Assert.Empty(await FilesAsync());
        Assert.Equal(names.Length, (await results.ExportAsync(_output, new ExportOptions { Format = ExportFormat.PngMasks })).Images);
    }

    [Fact]
    public async Task Names_that_look_alike_but_are_not_have_files_of_their_own()
    {
        string[] names = ["a-1.png", "a.1.png", "a.png", "a.png.png", "a/a.png", "ab.png"];
        await new DrawnResult([.. names.Select((name, i) => new DrawnImage(name, i, 1, 1, []))]).WriteAsync(_job);
        await (await JobResults.OpenAsync(_job)).ExportAsync(_output, new ExportOptions { Format = ExportFormat.Yolo });
        Assert.Equal(names.Select(name => $"labels/{name[..^4]}.txt"), (await FilesAsync()).Keys.Where(name => name.StartsWith("labels/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).OrderBy(name => Array.IndexOf(names, name[7..^4] + ".png")));
    }

    [Theory]
    [InlineData(ExportFormat.Panoptic)]
    [InlineData(ExportFormat.PngMasks)]
    public async Task A_model_without_masks_makes_no_pictures(ExportFormat format)
    {
        await new DrawnResult(new DrawnImage("a.png", 1, 4, 4, [new DrawnInstance(1, .5, null, [0, 0, 1, 1])])) { IouTypes = ["bbox"] }.WriteAsync(_job);
        JobResults results = await JobResults.OpenAsync(_job);
        Assert.Contains("gives no masks", (await Assert.ThrowsAsync<ExportException>(() => results.ExportAsync(_output, new ExportOptions { Format = format }))).Message, StringComparison.Ordinal);
        Assert.Empty(await FilesAsync());
    }

    [Theory]
    [InlineData("7", 2)]
    [InlineData("nucleus", 5)]
    [InlineData("1,red \"big\" cell", 7)]
    public async Task Detections_of_some_categories_can_be_exported_alone(string categories, long expected)
    {
        ExportReport report = await ExportAsync(new ExportOptions { Format = ExportFormat.Coco, Categories = categories.Split(',') });
        Assert.Equal((5, expected), (report.Images, report.Detections));
    }

    [Theory]
    [InlineData("8")]
    [InlineData("Nucleus")]
    public async Task A_category_that_the_job_does_not_have_is_named_with_those_it_has(string category)
    {
        ArgumentException exception = await Assert.ThrowsAsync<ArgumentException>(() => ExportAsync(new ExportOptions { Format = ExportFormat.Coco, Categories = [category] }));
        Assert.Contains($"'{category}'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("'nucleus' (1)", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_detection_with_just_the_threshold_as_its_score_is_exported()
    {
        Assert.Equal(5, (await ExportAsync(new ExportOptions { Format = ExportFormat.Coco, ScoreThreshold = .5 })).Detections);
        await Assert.ThrowsAsync<ArgumentException>(() => ExportAsync(new ExportOptions { Format = ExportFormat.Coco, ScoreThreshold = 1.5 }));
        await Assert.ThrowsAsync<ArgumentException>(() => ExportAsync(new ExportOptions { Format = ExportFormat.Coco, ScoreThreshold = double.NaN }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"categories":[{"id":"x"}]}""")]
    public async Task A_jobs_document_without_categories_is_named(string text)
    {
        await DrawnResult.Small(isOfToday: false).WriteAsync(_job);
        await DrawnResult.PutAsync(_job, "job.json", Encoding.UTF8.GetBytes(text));
        JobResults results = await JobResults.OpenAsync(_job);
        Assert.Contains("job.json", (await Assert.ThrowsAsync<InvalidDataException>(() => results.ExportAsync(_output, new ExportOptions { Format = ExportFormat.Yolo }))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_result_of_an_earlier_version_whose_manifest_names_no_categories_is_exported_too()
    {
        await ExportAsync(ExportFormat.Yolo);
        await DrawnResult.Small(isOfToday: false).WriteAsync(_job);
        var output = new MemoryBlobStore();
        await (await JobResults.OpenAsync(_job)).ExportAsync(output, new ExportOptions { Format = ExportFormat.Yolo });
        Assert.Equal(await FilesAsync(), await FilesAsync(output));
    }

    [Fact]
    public async Task Progress_counts_every_image_that_has_a_result()
    {
        var seen = new List<ExportProgress>();
        await ExportAsync(new ExportOptions { Format = ExportFormat.PngMasks, Progress = new AtOnce(seen.Add) });
        Assert.Equal(Enumerable.Range(1, 5).Select(i => new ExportProgress(i, 5)), seen);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Answers_that_are_lost_change_nothing(ExportFormat format)
    {
        ExportReport expected = await ExportAsync(format);
        var inner = new MemoryBlobStore();
        var seen = new ConcurrentDictionary<string, bool>();
        // Whatever is written, the first answer is lost.
        var output = new FaultyBlobStore(inner, (operation, name) => operation is FaultyBlobStore.Write or FaultyBlobStore.Commit && seen.TryAdd(name, true) ? new Fault(FaultKind.AnswerLost) : null);
        Assert.Equal(expected.Files, (await (await JobResults.OpenAsync(_job)).ExportAsync(output, new ExportOptions { Format = format })).Files);
        Assert.Equal(await FilesAsync(), await FilesAsync(inner));
        Assert.Equal(expected.Files + 1, seen.Count);
    }

    [Fact]
    public async Task A_store_that_fails_leaves_nothing_that_looks_whole()
    {
        await DrawnResult.Small().WriteAsync(_job);
        JobResults results = await JobResults.OpenAsync(_job);
        foreach (string name in (string[])["labels/x.txt", "data.yaml", "export.json"])
        {
            var inner = new MemoryBlobStore();
            var output = new FaultyBlobStore(inner, FaultPlans.Once(FaultyBlobStore.Write, name, 1, FaultKind.Failed));
            await Assert.ThrowsAsync<BlobException>(() => results.ExportAsync(output, new ExportOptions { Format = ExportFormat.Yolo }));
            Assert.DoesNotContain("export.json", (await FilesAsync(inner)).Keys);
        }
    }

    private Task<ExportReport> ExportAsync(ExportFormat format) => ExportAsync(new ExportOptions { Format = format });

    private async Task<ExportReport> ExportAsync(ExportOptions options, CancellationToken cancellation = default)
    {
        await DrawnResult.Small().WriteAsync(_job);
        return await (await JobResults.OpenAsync(_job, CancellationToken.None)).ExportAsync(_output, options, cancellation);
    }

    private Task<Dictionary<string, string>> FilesAsync() => FilesAsync(_output);

    private static async Task<Dictionary<string, string>> FilesAsync(MemoryBlobStore store)
    {
        var files = new Dictionary<string, string>();
        await foreach (BlobPage page in store.ListAsync("", null, 100, CancellationToken.None))
        {
            foreach (BlobInfo blob in page.Blobs) files.Add(blob.Name, Encoding.Latin1.GetString((await store.ReadAsync(blob.Name, null, CancellationToken.None)).Data));
        }
        return files;
    }

    private sealed class AtOnce(Action<ExportProgress> report) : IProgress<ExportProgress>
    {
        public void Report(ExportProgress value) => report(value);
    }
}
