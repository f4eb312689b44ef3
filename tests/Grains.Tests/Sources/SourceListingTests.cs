using System.Formats.Tar;
using System.Text;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Listing;
using MaskRcnn.Grains.Results.Parts;
using MaskRcnn.Grains.Sources;
using MaskRcnn.Grains.Tests.Results.Parts;
using MaskRcnn.Grains.Workers;
using MaskRcnn.Storage;
using MaskRcnn.Storage.Faults;
using MaskRcnn.Storage.Memory;

namespace MaskRcnn.Grains.Tests.Sources;

/// <summary>Jobs over each kind of source of the same images: listed, through crashes, and read.</summary>
public sealed class SourceListingTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>Two segments and a bit.</summary>
    private const int Many = 9000;

    private readonly MemoryBlobStore _blobs = new();
    private readonly Stores _stores;
    private MemoryBlobStore _output = new();

    public SourceListingTests() => _stores = new Stores(uri => uri == "az://c" ? _blobs : throw new ArgumentException($"'{uri}' is not there."));

    public static TheoryData<string> Kinds => ["folder", "manifest", "coco", "tar"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_same_images_are_listed_the_same_and_read_the_same_from_every_kind_of_source(string kind)
    {
        string[] names = ["b/c.png", "a.png", "b.png", "Z.png", "b/\U0001F52C.png", "b/\uFF21.png"];
        SourceDocument? source = Put(kind, names, id: name => Array.IndexOf([.. names.Order(StringComparer.Ordinal)], name) + 1);
        CollectionLister lister = List(kind, source);
        Assert.True(lister.Since(0).IsDone);
        SegmentDocument segment = Assert.Single(Segments());
        Assert.Equal(names.Order(StringComparer.Ordinal), segment.Images.Select(i => i.Name));
        Assert.Equal(Enumerable.Range(1, 6).Select(i => (long?)i), segment.Images.Select(i => i.Id));
        ImageReader reader = ImageSources.Reader(Context(kind, source), _stores, TimeProvider.System);
        foreach (ListedImage image in segment.Images)
        {
            Assert.Equal(Bytes(image.Name), reader.Read(image, None));
            Assert.Equal(Bytes(image.Name).Length, image.Size);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_lister_that_is_killed_anywhere_goes_on_to_the_same_listing(string kind)
    {
        string[] names = [.. Enumerable.Range(0, Many).Select(i => $"{i * 7919 % Many:D4}.png")];
        SourceDocument? source = Put(kind, [.. names, .. kind == "folder" ? Array.Empty<string>() : names.Take(5)], id: name => long.Parse(name[..4]) + 100);
        List(kind, source);
        (string expected, ListingDocument listing) = (Text(), Document());
        Assert.Equal(kind == "folder" ? 0 : 5, listing.Duplicates);
        Assert.Equal(Many, listing.Images);
        for (int writes = 0; writes < 4; writes++)
        {
            _output = new MemoryBlobStore();
            int left = writes;
            var dying = new FaultyBlobStore(_output, (operation, _) => operation == FaultyBlobStore.Write && left-- == 0 ? new Fault(FaultKind.Failed) : null);
            Assert.Throws<BlobException>(() => new CollectionLister(Context(kind, source) with { Store = dying }, _stores).Run(None));
            Assert.Equal(writes, Segments().Count);
            List(kind, source);
            Assert.Equal(expected, Text());
            Assert.Equal(listing, Document());
        }
    }

    [Theory]
    [InlineData("manifest")]
    [InlineData("coco")]
    [InlineData("tar")]
    public void Pattern_and_limit_hold_and_names_that_are_no_images_are_skipped_only_in_archives(string kind)
    {
        string[] names = ["a.png", "b.dat", "x/c.png", "x/d.png", "x/e.txt"];
        SourceDocument? source = Put(kind, names, _ => null, ids: false);
        List(kind, source);
        Assert.Equal(kind == "tar" ? ["a.png", "x/c.png", "x/d.png"] : names, Segments()[0].Images.Select(i => i.Name));
        Assert.Equal(kind == "tar" ? 2 : 0, Document().Skipped);
        _output = new MemoryBlobStore();
        List(kind, source, with => with with { Pattern = "x/*" });
        Assert.Equal(["x/c.png", "x/d.png", "x/e.txt"], Segments()[0].Images.Select(i => i.Name));
        Assert.Equal(2, Document().Skipped);
        _output = new MemoryBlobStore();
        List(kind, source, with => with with { Pattern = "x/*", Limit = 1 });
        Assert.Equal(["x/c.png"], Segments()[0].Images.Select(i => i.Name));
    }

    [Fact]
    public void What_is_named_and_not_there_is_an_image_that_fails_and_not_the_job()
    {
        Write("images.txt", "there.png\ngone/a.png\n"u8.ToArray());
        Write("there.png", [1, 2, 3]);
        SourceDocument source = Find("images.txt");
        List("manifest", source);
        ListedImage[] images = [.. Segments()[0].Images];
        Assert.Equal([("gone/a.png", true), ("there.png", false)], images.Select(i => (i.Name, i.IsMissing)));
        ImageReader reader = ImageSources.Reader(Context("manifest", source), _stores, TimeProvider.System);
        IOException failure = Assert.Throws<ImageNotFoundException>(() => reader.Read(images[0], None));
        ImageError error = ImageErrors.Of(failure, images[0], SampleShard.Range(2));
        Assert.Equal(("gone/a.png", "not-found"), (error.Image, error.Cause));
        Assert.Contains(error.Cause, ImageErrorCauses.All);
        Assert.Equal([1, 2, 3], reader.Read(images[1], None));
    }

    [Fact]
    public async Task An_archive_that_is_another_now_is_not_read()
    {
        SourceDocument source = Put("tar", ["a.png"], _ => null)!;
        List("tar", source);
        ListedImage image = Segments()[0].Images[0];
        await _blobs.DeleteAsync("images.tar", null, None);
        Put("tar", ["b.png", "a.png"], _ => null);
        Assert.Throws<BlobChangedException>(() => ImageSources.Reader(Context("tar", source), _stores, TimeProvider.System).Read(image, None));
        _output = new MemoryBlobStore();
        SourceException changed = Assert.Throws<SourceException>(() => List("tar", source));
        Assert.Contains("it has changed since the job was submitted", changed.Message, StringComparison.Ordinal);
        Assert.True(new ListingTrouble(TimeProvider.System).IsPermanent(changed));
    }

    [Fact]
    public void Of_a_name_that_an_archive_has_twice_the_last_counts_and_links_are_failed_images()
    {
        var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach ((string name, byte data) in new[] { ("a.png", (byte)1), ("b.png", (byte)2), ("./a.png", (byte)3) })
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream([data]) });
            writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "c.png") { LinkName = "a.png" });
            writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "d.txt") { LinkName = "a.png" });
        }
        Write("images.tar", stream.ToArray());
        SourceDocument source = Find("images.tar");
        List("tar", source);
        IReadOnlyList<ListedImage> images = Segments()[0].Images;
        Assert.Equal([("a.png", false), ("b.png", false), ("c.png", true)], images.Select(i => (i.Name, i.IsMissing)));
        Assert.Equal((1, 1), (Document().Duplicates, Document().Skipped));
        Assert.Equal([3], ImageSources.Reader(Context("tar", source), _stores, TimeProvider.System).Read(images[0], None));
    }

    [Theory]
    [InlineData("../x.png")]
    [InlineData("/x.png")]
    [InlineData("a/../../x.png")]
    public void A_name_that_leads_out_fails_the_listing_whatever_names_it(string name)
    {
        Write("images.txt", Encoding.UTF8.GetBytes(name));
        Write("images.json", Encoding.UTF8.GetBytes($$"""{"images":[{"id":1,"file_name":"{{name}}"}]}"""));
        Write("images.tar", Tar([name], _ => [1]));
        foreach ((string kind, string file) in new[] { ("manifest", "images.txt"), ("coco", "images.json"), ("tar", "images.tar") })
        {
            SourceException refusal = Assert.Throws<SourceException>(() => List(kind, Find(file)));
            Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
            Assert.True(new ListingTrouble(TimeProvider.System).IsPermanent(refusal));
            Assert.Empty(Segments());
        }
    }

    [Fact]
    public void Names_may_begin_elsewhere_if_that_may_be_reached()
    {
        var roots = new StorageRoots(["az://c/in"]);
        Write("list.txt", "a.png"u8.ToArray());
        var stores = new Stores(uri => uri is "az://c/in" or "az://c/in/root" ? _blobs : throw new ArgumentException(uri), roots);
        var specification = new JobSpecification { Images = "az://c/in/list.txt", Model = "az://c/in/m", Output = "az://c/in/o", ImagesRoot = "az://c/in/root" };
        Assert.Equal("manifest", ImageSources.Find(specification, stores, None)!.Kind);
        Assert.Throws<ArgumentException>(() => ImageSources.Find(specification with { ImagesRoot = "az://c/other" }, stores, None));
        Assert.StartsWith("imagesRoot 'az://c/other' is not below", Assert.Single(SpecificationRules.Problems(specification with { ImagesRoot = "az://c/other" }, roots: roots)), StringComparison.Ordinal);
        Assert.StartsWith("source is 'zip'; expected folder, manifest, coco, tar", Assert.Single(SpecificationRules.Problems(specification with { Source = "zip" }, roots: roots)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_a_source_is_refused_when_it_is_submitted()
    {
        Write("images.txt", "a.png"u8.ToArray());
        Write("images.tar.gz", [0x1F, 0x8B, 8, 0]);
        JobSpecification Of(string file, string? source = null, string? root = null) => new() { Images = $"az://c/{file}", Model = "m", Output = "o", Source = source, ImagesRoot = root };
        Assert.Contains("it does not exist; expected a file, as it is taken for a tar", Fault(Of("gone.tar")), StringComparison.Ordinal);
        Assert.Contains("say --source folder", Fault(Of("gone.tar")), StringComparison.Ordinal);
        Assert.Contains("gunzip", Fault(Of("images.tar.gz")), StringComparison.Ordinal);
        Assert.Contains("it is cut off", Fault(Of("images.txt", "tar")), StringComparison.Ordinal);
        Assert.Contains("imagesRoot", Fault(Of("images.tar.gz", root: "az://c")), StringComparison.Ordinal);
        var small = new Stores(_ => _blobs, limits: new Limits { ManifestBytes = 4 });
        LimitException limit = Assert.Throws<LimitException>(() => ImageSources.Find(Of("images.txt"), small, None));
        Assert.Equal((nameof(Limits.ManifestBytes), 4), (limit.Limit, limit.Most));

        string Fault(JobSpecification specification) => Assert.ThrowsAny<ArgumentException>(() => ImageSources.Find(specification, _stores, None)).Message;
    }

    private static byte[] Bytes(string name) => [.. Encoding.UTF8.GetBytes(name), 0, 1, 2];

    /// <summary>Puts images and what names them, or the archive of them.</summary>
    private SourceDocument? Put(string kind, string[] names, Func<string, long?> id, bool ids = true)
    {
        if (kind == "tar") Write("images.tar", Tar(names, Bytes));
        else foreach (string name in names.Distinct()) Write(name, Bytes(name));
        if (kind == "manifest") Write("images.txt", Encoding.UTF8.GetBytes(string.Join('\n', names.Select(name => ids ? $$"""{"image":"{{name}}","id":{{id(name)}}}""" : name))));
        if (kind == "coco") Write("images.json", Encoding.UTF8.GetBytes($$"""{"images":[{{string.Join(',', names.Select((name, i) => $$"""{"id":{{id(name) ?? i}},"file_name":"{{name}}"}"""))}}]}"""));
        return kind == "folder" ? null : Find(FileOf(kind));
    }

    private static string FileOf(string kind) => kind switch { "manifest" => "images.txt", "coco" => "images.json", "tar" => "images.tar", _ => "" };

    private static byte[] Tar(string[] names, Func<string, byte[]> data)
    {
        var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (string name in names) writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(data(name)) });
        }
        return stream.ToArray();
    }

    private void Write(string name, byte[] data) => _blobs.WriteAsync(name, data, WriteCondition.None, "a", None).GetAwaiter().GetResult();

    private SourceDocument Find(string file) => ImageSources.Find(new JobSpecification { Images = "az://c/" + file, Model = "m", Output = "o" }, _stores, None)!;

    private JobContext Context(string kind, SourceDocument? source, Func<JobSpecification, JobSpecification>? change = null)
    {
        JobSpecification specification = SampleShard.Job().Specification with { Images = ("az://c/" + FileOf(kind)).TrimEnd('/') };
        specification = change?.Invoke(specification) ?? specification;
        return new JobContext(SampleShard.Job() with { Specification = specification, Source = source }, _output, JobAddresses.Of(specification, "o/j"));
    }

    private CollectionLister List(string kind, SourceDocument? source, Func<JobSpecification, JobSpecification>? change = null)
    {
        var lister = new CollectionLister(Context(kind, source, change), _stores);
        lister.Run(None);
        return lister;
    }

    private List<SegmentDocument> Segments()
    {
        List<SegmentDocument> segments = [];
        while (_output.FindDocumentAsync<SegmentDocument>(JobLayout.Segment(segments.Count), None).GetAwaiter().GetResult() is { } segment) segments.Add(segment);
        return segments;
    }

    private ListingDocument Document() => _output.ReadDocumentAsync<ListingDocument>(JobLayout.Listing, None).GetAwaiter().GetResult();

    private string Text() => string.Join('\n', Segments().Select(segment => Encoding.UTF8.GetString(DocumentJson.Write(segment))));
}
