using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Listing;
using MaskRcnn.Grains.Tests.Results.Parts;
using MaskRcnn.Storage;
using MaskRcnn.Storage.Memory;

namespace MaskRcnn.Grains.Tests.Listing;

public sealed class CollectionListerTests
{
    private readonly MemoryBlobStore _images = new(), _output = new();

    [Fact]
    public async Task Work_can_begin_with_the_first_segment_while_the_listing_goes_on()
    {
        const int Images = 4097; // one more than a segment has
        for (int i = 0; i < Images; i++) await _images.WriteAsync($"{i:D5}.png", new byte[1], WriteCondition.Absent, "a", default);
        var seen = new List<(int Segments, bool IsDone, bool IsWritten)>();
        CollectionLister lister = null!;
        lister = Lister(() =>
        {
            (IReadOnlyList<SegmentHeader> segments, bool isDone) = lister.Since(0);
            seen.Add((segments.Count, isDone, _output.FindAsync(JobLayout.Segment(0), default).Result is not null));
        });
        lister.Run(default);
        Assert.Equal([(1, false, true)], seen);
        (IReadOnlyList<SegmentHeader> all, bool done) = lister.Since(0);
        Assert.Equal((2, true, Images), (all.Count, done, all.Sum(s => s.Images)));
    }

    [Fact]
    public void Of_an_empty_collection_no_work_can_begin()
    {
        int told = 0;
        CollectionLister lister = Lister(() => told++);
        lister.Run(default);
        Assert.Equal(0, told);
        Assert.Empty(lister.Since(0).Segments);
        Assert.True(lister.Since(0).IsDone);
    }

    private CollectionLister Lister(Action workCanBegin) =>
        new(new JobContext(SampleShard.Job(), _output, JobAddresses.Of(SampleShard.Job().Specification, "o/j")), new Stores(_ => _images), workCanBegin);
}
