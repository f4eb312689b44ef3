using System.Text.Json.Serialization;
using MaskRcnn.Storage;

namespace MaskRcnn.Grains.Documents;

/// <summary><c>segments/N.json</c>: one page of the listing and the shards cut from it. Immutable.</summary>
public sealed record SegmentDocument
{
    /// <summary>Version of this document.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>Number of the segment, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Ordinal of its first image.</summary>
    public required long First { get; init; }

    /// <summary>The images, in ordinal order of the names; at least one. Written last, so that the rest can be read without them: <see cref="SegmentOutline"/>.</summary>
    [JsonPropertyOrder(1)]
    public required IReadOnlyList<ListedImage> Images { get; init; }

    /// <summary>Number of its first shard.</summary>
    public required int FirstShard { get; init; }

    /// <summary>Images of each shard, in order; they sum to the number of images.</summary>
    public required IReadOnlyList<int> Shards { get; init; }

    /// <summary>Where the next page begins.</summary>
    public required ListPosition End { get; init; }

    /// <summary>Files that are no images, up to and with this page.</summary>
    public long Skipped { get; init; }
}

/// <summary>An image of the collection.</summary>
/// <param name="Name">Path below the collection.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ETag">The version that was listed, of the archive if it is in one; only this one is read. Empty: it is named, and was not there.</param>
/// <param name="Id">Its id in results: the ground truth's; without annotations the collection's, or ordinal + 1; with annotations that do not name it, null.</param>
/// <param name="Offset">Where its bytes begin in the archive; null: it is a blob of its own.</param>
public sealed record ListedImage(string Name, long Size, string ETag, long? Id, long? Offset = null)
{
    /// <summary>Whether the collection names it without there being a file.</summary>
    [JsonIgnore]
    public bool IsMissing => ETag.Length == 0;
}

/// <summary><c>listing.json</c>: the collection is listed.</summary>
public sealed record ListingDocument
{
    /// <summary>Version of this document.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>How many segments there are.</summary>
    public required int Segments { get; init; }

    /// <summary>How many planned shards there are.</summary>
    public required int Shards { get; init; }

    /// <summary>How many images there are.</summary>
    public required long Images { get; init; }

    /// <summary>Bytes of all images.</summary>
    public required long Bytes { get; init; }

    /// <summary>Files that are no images, or are not matched by the pattern.</summary>
    public long Skipped { get; init; }

    /// <summary>Images that the annotations do not name.</summary>
    public long NotAnnotated { get; init; }

    /// <summary>Images that the annotations name and an earlier image had taken already, and names that stand in the collection again.</summary>
    public long Duplicates { get; init; }

    /// <summary>Images of the annotations that are not in the collection.</summary>
    public long Missing { get; init; }
}
