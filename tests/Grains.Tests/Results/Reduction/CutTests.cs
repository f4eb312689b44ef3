using System.Globalization;
using System.Text;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Results.Parts;
using MaskRcnn.Grains.Results.Reduction;
using MaskRcnn.Grains.Tests.Results.Parts;
using MaskRcnn.Storage;
using MaskRcnn.Storage.Memory;

namespace MaskRcnn.Grains.Tests.Results.Reduction;

/// <summary>Shards that workers have left in their middle, written and reduced by the product's own code.</summary>
public sealed class CutTests
{
    private const int Count = 12;
    private const string Planned = "00000000";

    private static readonly string[] Compared = ["masks.tar", "detections.json", "report.json", "report.md", "errors.jsonl", "index/00000000.json", "index/index.json"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Wherever_leaving_workers_cut_a_shard_the_result_has_the_same_bytes(bool annotated)
    {
        MemoryBlobStore whole = await ReduceAsync(annotated, []);
        Assert.Contains("pear", await TextAsync(whole, "errors.jsonl"), StringComparison.Ordinal);
        for (int first = 1; first < Count; first++)
        {
            await AssertSameAsync(whole, annotated, [first]);
            for (int second = first + 1; second < Count; second++) await AssertSameAsync(whole, annotated, [first, second]);
        }
        await AssertSameAsync(whole, annotated, [.. Enumerable.Range(1, Count - 1)]);
    }

    [Fact]
    public async Task Parts_of_a_cut_shard_are_kept_and_those_of_other_attempts_go()
    {
        MemoryBlobStore store = await PrepareAsync(annotated: false);
        await store.WriteAsync(JobLayout.Part(Planned, "late", "masks.tar"), new byte[512], WriteCondition.Absent, "late", default);
        await store.WriteAsync(JobLayout.Part(Planned + ".0", "late", "masks.tar"), new byte[512], WriteCondition.Absent, "late", default);
        await WriteAsync(store, annotated: false, [5]);
        var request = new ReductionRequest { Store = store, Job = Job(annotated: false) with { Specification = Job(annotated: false).Specification with { KeepParts = true } }, Threads = 2 };
        Reducer.Run(request, CancellationToken.None);
        List<string> left = [];
        await foreach (BlobPage page in store.ListAsync(JobLayout.Parts, null, 1000, default)) left.AddRange(page.Blobs.Select(blob => blob.Name));
        Assert.NotEmpty(left);
        Assert.All(left, name => Assert.True(name.StartsWith("parts/00000000/a0/", StringComparison.Ordinal) || name.StartsWith("parts/00000000.1/a1/", StringComparison.Ordinal), name));
    }

    [Theory]
    [InlineData("00000001")]
    [InlineData("00000000.1")]
    [InlineData("00000000.0.0")]
    public void Only_a_first_child_may_have_its_parts_with_its_parent(string folder)
    {
        var record = new CommitRecord { Shard = "00000000.0", Segment = 0, First = 0, Count = 1, Attempt = "a", Done = 1, PartsOf = folder };
        Assert.Contains(folder, Assert.Throws<ReductionException>(() => Leaf.Of(record)).Message, StringComparison.Ordinal);
    }

    private static async Task AssertSameAsync(MemoryBlobStore whole, bool annotated, int[] cuts)
    {
        MemoryBlobStore cut = await ReduceAsync(annotated, cuts);
        foreach (string name in Compared)
            Assert.True((await TextAsync(whole, name)) == await TextAsync(cut, name), $"{name} is another when the shard is cut at {string.Join(", ", cuts)}.");
    }

    private static async Task<MemoryBlobStore> ReduceAsync(bool annotated, int[] cuts)
    {
        MemoryBlobStore store = await PrepareAsync(annotated);
        await WriteAsync(store, annotated, cuts);
        Reducer.Run(new ReductionRequest { Store = store, Job = Job(annotated), Threads = 2 }, CancellationToken.None);
        return store;
    }

    /// <summary>A worker after the other: each but the last leaves at its cut.</summary>
    private static async Task WriteAsync(MemoryBlobStore store, bool annotated, int[] cuts)
    {
        EncodedImage[] images = Images(annotated);
        var groundTruths = new SegmentGroundTruths(store);
        var range = new ShardRange(Planned, 0, 0, Count);
        for (int i = 0; i <= cuts.Length; i++)
        {
            ShardWriterOptions options = SampleShard.Options with { GroundTruth = annotated ? await groundTruths.GetAsync(0, default) : null };
            await using var writer = new ShardWriter(store, Job(annotated), range, $"a{i}", options);
            int end = i < cuts.Length ? cuts[i] : Count;
            foreach (EncodedImage image in images[(int)range.First..end]) await writer.AddAsync(image, default);
            if (end == Count)
            {
                Assert.Equal(CommitOutcome.Mine, await writer.CommitAsync(await writer.FinishAsync(default), default));
                break;
            }
            (CommitRecord split, CommitRecord prefix) = await writer.FinishPrefixAsync(default);
            CommitRules.Check(range, split);
            CommitRules.Check(new ShardRange(range.Id + ".0", 0, range.First, end - (int)range.First), prefix);
            Assert.Equal((CommitOutcome.Mine, CommitOutcome.Mine), (await writer.CommitAsync(split, default), await writer.CommitAsync(prefix, default)));
            range = new ShardRange(range.Id + ".1", 0, end, Count - end);
        }
    }

    private static async Task<MemoryBlobStore> PrepareAsync(bool annotated)
    {
        var store = new MemoryBlobStore();
        EncodedImage[] images = Images(annotated);
        await PutAsync(JobLayout.Segment(0), DocumentJson.Write(new SegmentDocument
        {
            Index = 0, First = 0, FirstShard = 0, Shards = [Count], End = new ListPosition(images[^1].Image.Name), Images = [.. images.Select(image => image.Image)],
        }));
        await PutAsync(JobLayout.Listing, DocumentJson.Write(new ListingDocument { Segments = 1, Shards = 1, Images = Count, Bytes = Count }));
        string entries = string.Join(",", images.Select(image => $$"""{"id":{{image.Image.Id}},"file_name":"{{image.Image.Name}}","width":40,"height":30}"""));
        string objects = string.Join(",", images.Select((image, i) => string.Create(CultureInfo.InvariantCulture,
            $$"""{"id":{{i + 1}},"image_id":{{image.Image.Id}},"category_id":{{11 + 11 * (i % 2)}},"iscrowd":0,"area":100,"bbox":[{{i}},5,10,10],"segmentation":[[{{i}},5,{{i + 10}},5,{{i + 10}},15,{{i}},15]]}""")));
        if (annotated) await PutAsync(JobLayout.GroundTruth(0), Encoding.UTF8.GetBytes($$"""{"images":[{{entries}}],"annotations":[{{objects}}],"categories":[{"id":11,"name":"nucleus"},{"id":22,"name":"Zelle"}]}"""));
        return store;

        Task PutAsync(string name, byte[] data) => store.WriteAsync(name, data, WriteCondition.Absent, "test", default);
    }

    private static EncodedImage[] Images(bool annotated)
    {
        var random = new Random(7);
        var encoder = new ImageEncoder(Job(annotated));
        var range = new ShardRange(Planned, 0, 0, Count);
        return [.. Enumerable.Range(0, Count).Select(i =>
        {
            ListedImage image = SampleShard.Image(string.Create(CultureInfo.InvariantCulture, $"{i:D2} pear.png"), i + 1);
            return i % 5 == 3
                ? ImageEncoder.Failed(image, new ImageError(image.Name, Planned, ImageErrorCauses.Empty, "it is 0 bytes long"), SampleShard.Timings)
                : encoder.Encode(image, range, SampleShard.Detections(random, random.Next(6)), null, SampleShard.Timings);
        })];
    }

    private static JobDocument Job(bool annotated) => SampleShard.Job(annotations: annotated);

    /// <summary>A byte a character.</summary>
    private static async Task<string> TextAsync(MemoryBlobStore store, string name) => Encoding.Latin1.GetString((await store.ReadAsync(JobLayout.Result + name, null, default)).Data);
}
