using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Listing;
using MaskRcnn.Grains.Results.Parts;
using MaskRcnn.Grains.Tests.Results.Parts;
using MaskRcnn.Grains.Workers;
using MaskRcnn.Storage;
using MaskRcnn.Storage.Faults;
using MaskRcnn.Storage.Memory;

namespace MaskRcnn.Grains.Tests.Jobs;

public sealed class LimitsTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly JobSpecification Good = new() { Images = "/data/images", Model = "/data/m.safetensors", Output = "/data/out" };

    private readonly MemoryBlobStore _blobs = new();
    private readonly List<string> _read = [];

    [Fact]
    public void A_long_text_in_a_specification_is_an_error_that_does_not_repeat_it()
    {
        string longText = new('x', 100_000);
        foreach ((string what, JobSpecification specification) in new (string, JobSpecification)[]
        {
            ("images has 100001", Good with { Images = "/" + longText }), ("model has 100001", Good with { Model = "/" + longText }), ("output has 100001", Good with { Output = "/" + longText }),
            ("annotations has 100001", Good with { Annotations = "/" + longText }), ("pattern has 100000", Good with { Pattern = longText }), ("name is 'xxx", Good with { Name = longText }),
            ("precision is 'xxx", Good with { Precision = longText }), ("evaluationLimits are 5000 numbers", Good with { EvaluationLimits = [.. Enumerable.Range(1, 5000)] }),
        })
        {
            string problem = Assert.Single(SpecificationRules.Problems(specification));
            Assert.StartsWith(what, problem, StringComparison.Ordinal);
            Assert.Contains("expected", problem, StringComparison.Ordinal);
            Assert.True(problem.Length < 1000);
        }
    }

    [Fact]
    public void Everything_that_a_specification_names_must_lie_below_a_root()
    {
        var roots = new StorageRoots(["/data", "https://acc.blob.core.windows.net/c"]);
        Assert.Empty(SpecificationRules.Problems(Good, roots: roots));
        IReadOnlyList<string> problems = SpecificationRules.Problems(
            new() { Images = "https://acc.blob.core.windows.net/other?sig=SECRET", Model = "/etc/passwd", Output = "/data/../root", Annotations = "/database/x" }, roots: roots);
        Assert.Equal(["images", "model", "output", "annotations"], problems.Select(problem => problem.Split(' ')[0]));
        Assert.DoesNotContain(problems, problem => problem.Contains("SECRET", StringComparison.Ordinal));
        Assert.Contains("/data, https://acc.blob.core.windows.net/c", problems[1], StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_below_a_root_is_not_opened_either_whoever_asks()
    {
        var stores = new Stores(_ => _blobs, new StorageRoots(["az://c/in"]));
        Assert.Same(_blobs, stores.Open("az://c/in/images"));
        Assert.Throws<ArgumentException>(() => stores.Open("az://c/inner"));
        Assert.Throws<ArgumentException>(() => stores.OpenBlob("/etc/passwd"));
        // The one blob of a root's own name lies in the folder above.
        Assert.Throws<ArgumentException>(() => stores.OpenBlob("az://c/in"));
    }

    [Fact]
    public async Task Annotations_a_model_and_an_image_beyond_their_limits_are_not_read()
    {
        await _blobs.WriteAsync("big", new byte[1001], WriteCondition.Absent, "a", None);
        var stores = new Stores(_ => Watched(), limits: new Limits { AnnotationBytes = 1000, ModelBytes = 1000, ImageBytes = 1000 });
        LimitException annotations = Assert.Throws<LimitException>(() => AnnotationFile.Read(stores, "az://c/big", None));
        Assert.Equal((nameof(Limits.AnnotationBytes), 1000), (annotations.Limit, annotations.Most));
        Assert.StartsWith("az://c/big has 1001 bytes; expected at most 1000. ", annotations.Message, StringComparison.Ordinal);
        LimitException model = await Assert.ThrowsAsync<LimitException>(() => new ModelFiles(stores, "unused").FetchAsync("az://c/big", None));
        Assert.Contains("Limits:ModelBytes", model.Message, StringComparison.Ordinal);
        var image = new ListedImage("big", 1001, "1", 1);
        LimitException bytes = Assert.Throws<LimitException>(() => new ImageReader(Watched(), TimeProvider.System, 1000).Read(image, None));
        Assert.Empty(_read);
        ImageError error = ImageErrors.Of(bytes, image, SampleShard.Range(1));
        Assert.Equal(("too-many-bytes", "big"), (error.Cause, error.Image));
        Assert.Contains("1001 bytes", error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collection_of_more_images_than_a_job_may_have_is_an_error()
    {
        for (int i = 0; i < 11; i++) await _blobs.WriteAsync($"{i:D2}.png", new byte[1], WriteCondition.Absent, "a", None);
        var job = new JobContext(SampleShard.Job(), new MemoryBlobStore(), JobAddresses.Of(SampleShard.Job().Specification, "o/j"));
        new CollectionLister(job, new Stores(_ => _blobs, limits: new Limits { Images = 11 })).Run(None);
        job = job with { Store = new MemoryBlobStore() };
        LimitException failure = Assert.Throws<LimitException>(() => new CollectionLister(job, new Stores(_ => _blobs, limits: new Limits { Images = 10 })).Run(None));
        Assert.Contains("11 images", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../names/x")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("%2e%2e")]
    public async Task An_id_that_is_none_names_no_blob(string id)
    {
        await _blobs.WriteAsync("names/x.json", "{}"u8.ToArray(), WriteCondition.Absent, "a", None);
        await Assert.ThrowsAsync<JobNotFoundException>(() => new JobDirectory(Watched(), new Stores(_ => _blobs), TimeProvider.System).OpenAsync(id, None));
        Assert.Empty(_read);
    }

    [Fact]
    public void Limits_that_cannot_be_are_all_named()
    {
        Assert.Empty(new Limits().Problems());
        Assert.Equal(
            ["Limits:UriCharacters is 0; expected 16 to 65536.", "Limits:ModelBytes is -1; expected at least 1.", "Limits:ImagePixels is 800000000; expected 1 to 700000000."],
            new Limits { UriCharacters = 0, ModelBytes = -1, ImagePixels = 800_000_000 }.Problems());
    }

    private FaultyBlobStore Watched() => new(_blobs, (operation, name) =>
    {
        if (operation is FaultyBlobStore.Read or FaultyBlobStore.OpenRead) _read.Add(name);
        return null;
    });
}
