using MaskRcnn.Grains.Documents;
using MaskRcnn.Grains.Sources;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Listing;

/// <summary>
/// Makes segments of a listing's pages. Where segments and shards are cut depends on the images alone, not on the store's pages nor on
/// crashes: a segment has a fixed number of images, but for the last. To go on after a crash, give it the segments that are
/// written with <see cref="Resume"/> and then the pages after <see cref="Position"/>.
/// </summary>
public sealed class SegmentBuilder
{
    private readonly ShardSize _size;
    private readonly CollectionFilter _filter;
    private readonly AnnotatedNames? _names;
    private readonly long _limit;
    private readonly int _segmentImages;
    private readonly bool _hasIds;
    private readonly long _repeated;
    private readonly List<ListedImage> _images = [];
    private int _segments, _shards;
    private long _listed, _bytes, _skipped, _notAnnotated, _duplicates;

    /// <summary>A listing from its start.</summary>
    /// <param name="size">Where shards are cut.</param>
    /// <param name="filter">What is an image.</param>
    /// <param name="names">The ground truth's names; null: ids are ordinal + 1.</param>
    /// <param name="limit">Most images; null for all.</param>
    /// <param name="segmentImages">Images of a segment, at least 1.</param>
    /// <param name="hasIds">Whether the images have ids of their own.</param>
    /// <param name="repeated">Names that stand in the collection again, for the listing's count.</param>
    public SegmentBuilder(ShardSize size, CollectionFilter filter, AnnotatedNames? names = null, long? limit = null, int segmentImages = 4096, bool hasIds = false, long repeated = 0)
    {
        ArgumentNullException.ThrowIfNull(size);
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(segmentImages, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(limit ?? 0, nameof(limit));
        (_size, _filter, _names, _limit, _segmentImages, _hasIds, _repeated) = (size, filter, names, limit ?? long.MaxValue, segmentImages, hasIds, repeated);
    }

    /// <summary>Where the listing goes on: the end of the last segment; null at the start.</summary>
    public ListPosition? Position { get; private set; }

    /// <summary>Whether the limit is reached: further pages add nothing.</summary>
    public bool IsFull => _listed >= _limit;

    /// <summary>Images so far.</summary>
    public long Images => _listed;

    /// <summary>Takes a segment that is written already; in their order, before any page.</summary>
    /// <exception cref="DocumentException">It does not follow the last, or the ground truth names its images otherwise.</exception>
    public void Resume(SegmentDocument segment)
    {
        ArgumentNullException.ThrowIfNull(segment);
        string name = JobLayout.Segment(segment.Index);
        if (segment.Index != _segments || segment.First != _listed || segment.FirstShard != _shards)
            throw new DocumentException(name, $"it is segment {segment.Index} from image {segment.First} and shard {segment.FirstShard}; expected {_segments} from image {_listed} and shard {_shards}");
        foreach (ListedImage image in segment.Images)
        {
            ListedImage again = Next(image);
            if (again.Id != image.Id) throw new DocumentException(name, $"image {image.Name} has the id {image.Id?.ToString() ?? "null"}; by the annotations it is {again.Id?.ToString() ?? "null"}");
        }
        _segments++;
        _shards += segment.Shards.Count;
        _skipped = segment.Skipped;
        Position = segment.End;
    }

    /// <summary>Takes the next page of the listing.</summary>
    /// <returns>The segments that are full now.</returns>
    /// <exception cref="ArgumentException">The annotations give an image another id than the collection does.</exception>
    public IReadOnlyList<SegmentDocument> Add(SourcePage page)
    {
        ArgumentNullException.ThrowIfNull(page);
        List<SegmentDocument> full = [];
        for (int i = 0; i < page.Images.Count && !IsFull; i++)
        {
            ListedImage image = page.Images[i];
            if (!_filter.Includes(image.Name))
            {
                _skipped++;
                continue;
            }
            _images.Add(Next(image));
            // A service's token is for the end of a page; within it the name must do.
            if (_images.Count == _segmentImages) full.Add(Cut(i == page.Images.Count - 1 ? page.End : new ListPosition(image.Name)));
        }
        return full;
    }

    /// <summary>The last segment, when the pages have ended or the limit is reached; null when there is nothing left for one.</summary>
    public SegmentDocument? Finish() => _images.Count > 0 ? Cut(new ListPosition(_images[^1].Name), isLast: true) : null;

    /// <summary>The listing as a whole, after <see cref="Finish"/>.</summary>
    /// <exception cref="InvalidOperationException">Images are in no segment yet.</exception>
    public ListingDocument Listing() => _images.Count > 0
        ? throw new InvalidOperationException($"{_images.Count} images are in no segment; expected a call of {nameof(Finish)} before.")
        : new ListingDocument
        {
            Segments = _segments,
            Shards = _shards,
            Images = _listed,
            Bytes = _bytes,
            Skipped = _skipped,
            NotAnnotated = _notAnnotated,
            Duplicates = _duplicates + _repeated,
            Missing = _names?.MissingCount ?? 0,
        };

    private ListedImage Next(ListedImage image)
    {
        long? given = _hasIds ? image.Id : null;
        NameMatch match = _names is null ? new NameMatch(given ?? _listed + 1, MatchKind.Path) : _names.Take(image.Name);
        if (given is { } own && match.Id is { } other && own != other)
            throw new ArgumentException($"Image {image.Name} has the id {own} in the collection, and {other} in the annotations; expected the same, or a collection without ids.");
        if (match.Kind == MatchKind.None) _notAnnotated++;
        if (match.Kind == MatchKind.Duplicate) _duplicates++;
        _listed++;
        _bytes += image.Size;
        return image with { Id = match.Id };
    }

    private SegmentDocument Cut(ListPosition end, bool isLast = false)
    {
        ListedImage[] images = [.. _images];
        var segment = new SegmentDocument
        {
            Index = _segments,
            First = _listed - images.Length,
            Images = images,
            FirstShard = _shards,
            Shards = ShardPlanner.Cut(images, isLast ? ShardPlanner.ForLastPage(images.Length, _size) : _size),
            End = end,
            Skipped = _skipped,
        };
        _images.Clear();
        _segments++;
        _shards += segment.Shards.Count;
        Position = end;
        return segment;
    }
}
