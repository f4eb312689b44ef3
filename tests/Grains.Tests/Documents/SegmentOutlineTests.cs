using System.Text;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Storage;
using MaskRcnn.Storage.Memory;

namespace MaskRcnn.Grains.Tests.Documents;

/// <summary>What is read of a segment without its images.</summary>
public sealed class SegmentOutlineTests
{
    private readonly MemoryBlobStore _store = new();

    [Fact]
    public async Task Its_images_are_not_read()
    {
        byte[] written = DocumentJson.Write(Segment([.. Enumerable.Repeat(40, 100)]));
        Assert.True(written.Length > 100_000);
        // Whoever read more would find no document.
        await PutAsync(written[..8192]);
        await AssertReadAsync([.. Enumerable.Repeat(40, 100)]);
    }

    [Fact]
    public async Task Of_an_earlier_versions_segment_whose_images_come_before_its_shards_the_whole_is_read()
    {
        await PutAsync("""{"index":3,"first":120,"images":[{"name":"a.jpg","size":1,"etag":"x"},{"name":"b.jpg","size":1,"etag":"y"}],"firstShard":7,"shards":[1,1],"end":{"name":"b.jpg"}}"""u8.ToArray());
        await AssertReadAsync([1, 1]);
    }

    [Fact]
    public async Task Of_thousands_of_shards_of_one_image_the_whole_is_read()
    {
        await PutAsync(DocumentJson.Write(Segment([.. Enumerable.Repeat(1, 10_000)])));
        await AssertReadAsync([.. Enumerable.Repeat(1, 10_000)]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no json")]
    [InlineData("""{"index":3,"images":[]}""")]
    [InlineData("""{"index":3,"first":120,"firstShard":7,"shards":"none","images":[]}""")]
    public async Task What_is_no_segment_is_refused_by_its_name(string text)
    {
        await PutAsync(Encoding.UTF8.GetBytes(text));
        DocumentException exception = await Assert.ThrowsAsync<DocumentException>(() => SegmentOutline.ReadAsync(_store, 3, Token));
        Assert.Contains(JobLayout.Segment(3), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_missing_is_not_found() => await Assert.ThrowsAsync<BlobNotFoundException>(() => SegmentOutline.ReadAsync(_store, 3, Token));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static SegmentDocument Segment(int[] shards) => new()
    {
        Index = 3, First = 120, FirstShard = 7, Shards = shards, End = new ListPosition("last.jpg"),
        Images = [.. Enumerable.Range(0, shards.Sum()).Select(i => new ListedImage($"folder/{i:D8}.jpg", 200_000, "0x8D0000000000", null))],
    };

    private Task<WriteResult> PutAsync(byte[] content) => _store.WriteAsync(JobLayout.Segment(3), content, WriteCondition.Absent, "test", Token);

    private async Task AssertReadAsync(int[] shards)
    {
        SegmentOutline read = await SegmentOutline.ReadAsync(_store, 3, Token);
        Assert.Equal((3, 120, 7), (read.Index, read.First, read.FirstShard));
        Assert.Equal(shards, read.Shards);
    }
}
