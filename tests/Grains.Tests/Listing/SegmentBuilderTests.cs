using System.Text;
using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Listing;
using MaskRcnn.Grains.Sources;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Tests.Listing;

public sealed class SegmentBuilderTests
{
    private static readonly BlobInfo[] Blobs =
        [.. Enumerable.Range(0, 100).Select(i => new BlobInfo(i % 7 == 3 ? $"{i:D3}.txt" : $"{i:D3}.png", i, $"e{i}")), new BlobInfo("zzz.txt", 1, "e")];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public void Segments_do_not_depend_on_the_stores_pages(int pageSize)
    {
        (List<SegmentDocument> segments, ListingDocument listing) = Build(pageSize, crashes: null);
        (List<SegmentDocument> expected, ListingDocument expectedListing) = Build(10, crashes: null);
        Assert.Equal(expectedListing, listing);
        Assert.Equal(Text(expected), Text(segments));
        Assert.Equal([10, 10, 10, 10, 10, 10, 10, 10, 6], segments.Select(s => s.Images.Count));
        Assert.Equal((9, 86L, 15L), (listing.Segments, listing.Images, listing.Skipped));
        Assert.Equal(Enumerable.Range(1, 86).Select(i => (long?)i), segments.SelectMany(s => s.Images).Select(i => i.Id));
        Assert.Equal(segments.Sum(s => s.Shards.Count), listing.Shards);
        for (int i = 1; i < segments.Count; i++)
        {
            Assert.Equal(segments[i - 1].First + segments[i - 1].Images.Count, segments[i].First);
            Assert.Equal(segments[i - 1].FirstShard + segments[i - 1].Shards.Count, segments[i].FirstShard);
        }
    }

    [Fact]
    public void After_crashes_the_listing_is_the_same()
    {
        (List<SegmentDocument> expected, ListingDocument expectedListing) = Build(10, crashes: null);
        for (int seed = 0; seed < 50; seed++)
        {
            (List<SegmentDocument> segments, ListingDocument listing) = Build(new Random(seed).Next(1, 40), new Random(seed));
            Assert.Equal(Text(expected), Text(segments));
            Assert.Equal(expectedListing, listing);
        }
    }

    [Fact]
    public void The_limit_ends_the_listing()
    {
        var builder = new SegmentBuilder(new ShardSize(4, 1000), new CollectionFilter(null), limit: 12, segmentImages: 10);
        Assert.Single(builder.Add(Page(Blobs)));
        Assert.True(builder.IsFull);
        Assert.Equal(2, builder.Finish()!.Images.Count);
        Assert.Null(builder.Finish());
        Assert.Equal((12L, 2L, 5), (builder.Listing().Images, builder.Listing().Skipped, builder.Listing().Shards > 3 ? 5 : 0));
    }

    [Fact]
    public void A_collection_without_images_has_no_segment()
    {
        var builder = new SegmentBuilder(new ShardSize(4, 1000), new CollectionFilter("*.webp"));
        Assert.Empty(builder.Add(Page(Blobs)));
        Assert.Null(builder.Finish());
        Assert.Equal(new ListingDocument { Segments = 0, Shards = 0, Images = 0, Bytes = 0, Skipped = Blobs.Length }, builder.Listing());
    }

    [Fact]
    public void Ids_are_those_of_the_annotations_and_what_does_not_match_is_counted()
    {
        AnnotatedNames Names() => new([new() { Id = 70, FileName = "x/a.png", Height = 1, Width = 1 }, new() { Id = 71, FileName = "gone.png", Height = 1, Width = 1 }]);
        var builder = new SegmentBuilder(new ShardSize(4, 1000), new CollectionFilter(null), Names());
        builder.Add(Page([new("a.png", 1, "e"), new("b.png", 1, "e"), new("x/a.png", 1, "e")]));
        SegmentDocument segment = builder.Finish()!;
        Assert.Equal([70L, null, null], segment.Images.Select(i => i.Id));
        Assert.Equal((1L, 1L, 1L), (builder.Listing().NotAnnotated, builder.Listing().Duplicates, builder.Listing().Missing));

        var resumed = new SegmentBuilder(new ShardSize(4, 1000), new CollectionFilter(null), Names());
        resumed.Resume(segment);
        Assert.Equal(builder.Listing(), resumed.Listing());
        Assert.Throws<DocumentException>(() => resumed.Resume(segment));
        var other = new SegmentBuilder(new ShardSize(4, 1000), new CollectionFilter(null), new AnnotatedNames([]));
        Assert.Contains("segments/00000000.json", Assert.Throws<DocumentException>(() => other.Resume(segment)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_of_the_collection_are_the_images_and_must_be_those_of_the_annotations()
    {
        SegmentBuilder Builder(AnnotatedNames? names, bool hasIds) => new(new ShardSize(4, 1000), new CollectionFilter(null), names, hasIds: hasIds, repeated: 3);
        var page = new SourcePage([new("a.png", 1, "e", 7), new("b.png", 1, "e", 70)], new ListPosition("b.png"));
        SegmentBuilder own = Builder(null, hasIds: true);
        own.Add(page);
        SegmentDocument segment = own.Finish()!;
        Assert.Equal([7L, 70L], segment.Images.Select(i => i.Id));
        Assert.Equal(3, own.Listing().Duplicates);
        SegmentBuilder resumed = Builder(null, hasIds: true);
        resumed.Resume(segment);
        Assert.Equal(own.Listing(), resumed.Listing());

        AnnotatedNames Annotated(long a) => new([new() { Id = a, FileName = "a.png", Height = 1, Width = 1 }]);
        SegmentBuilder same = Builder(Annotated(7), hasIds: true);
        same.Add(page);
        Assert.Equal([7L, null], same.Finish()!.Images.Select(i => i.Id));
        ArgumentException other = Assert.Throws<ArgumentException>(() => Builder(Annotated(8), hasIds: true).Add(page));
        Assert.Contains("a.png has the id 7 in the collection, and 8 in the annotations", other.Message, StringComparison.Ordinal);
    }

    /// <summary>Lists all blobs; at a crash only the segments that were given out are left.</summary>
    private static (List<SegmentDocument> Segments, ListingDocument Listing) Build(int pageSize, Random? crashes)
    {
        List<SegmentDocument> written = [];
        while (true)
        {
            var builder = new SegmentBuilder(new ShardSize(4, 200), new CollectionFilter(null), segmentImages: 10);
            foreach (SegmentDocument segment in written) builder.Resume(segment);
            BlobInfo[] rest = [.. Blobs.Where(b => builder.Position is null || string.CompareOrdinal(b.Name, builder.Position.Name) > 0)];
            bool crashed = false;
            foreach (BlobInfo[] page in rest.Chunk(pageSize))
            {
                crashed = crashes?.Next(4) == 0;
                if (crashed) break;
                written.AddRange(builder.Add(Page(page)));
            }
            if (crashed) continue;
            if (builder.Finish() is { } last) written.Add(last);
            return (written, builder.Listing());
        }
    }

    private static SourcePage Page(BlobInfo[] blobs) => SourcePage.Of(new BlobPage(blobs, new ListPosition(blobs[^1].Name)));

    private static string Text(List<SegmentDocument> segments) => string.Join("\n", segments.Select(s => Encoding.UTF8.GetString(DocumentJson.Write(s))));
}
