namespace MaskRcnn.Client.Results;

/// <summary>A row of the result's index: one image.</summary>
public sealed record ResultImage
{
    /// <summary>Its path below the collection.</summary>
    public required string Image { get; init; }

    /// <summary>Its id in <c>detections.json</c>; null when the annotations do not name it.</summary>
    public long? Id { get; init; }

    /// <summary>Pixels; null or 0 when it could not be decoded.</summary>
    public int? Width { get; init; }

    /// <summary>Pixels; null or 0 when it could not be decoded.</summary>
    public int? Height { get; init; }

    /// <summary>First byte of its JSON in <c>masks.tar</c>.</summary>
    public long? Offset { get; init; }

    /// <summary>Bytes of its JSON; null or 0 when it has none.</summary>
    public long? Length { get; init; }

    /// <summary>Objects found.</summary>
    public int Instances { get; init; }

    /// <summary>The best score; null when nothing was found.</summary>
    public double? BestScore { get; init; }

    /// <summary>With ground truth: objects that were found.</summary>
    public int? Matches { get; init; }

    /// <summary>With ground truth: objects that were not.</summary>
    public int? Misses { get; init; }

    /// <summary>With ground truth: finds that are no objects.</summary>
    public int? FalseAlarms { get; init; }

    /// <summary>Where its thumbnail is; null when it has none.</summary>
    public ResultThumbnail? Thumbnail { get; init; }

    /// <summary>Why it has no result; null when it has one.</summary>
    public string? Cause { get; init; }
}

/// <summary>Where a thumbnail is.</summary>
/// <param name="Pack">Number of the archive: 0 is <c>thumbnails/00000.tar</c>.</param>
/// <param name="Offset">First byte of the picture in it.</param>
/// <param name="Length">Bytes of the picture.</param>
public sealed record ResultThumbnail(int Pack, long Offset, long Length);
