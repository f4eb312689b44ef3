using MaskRcnn.Grains.Documents;

namespace MaskRcnn.Grains.Results.Parts;

/// <summary>What one image adds to its shard's parts, as bytes: made by <see cref="ImageEncoder"/>, written by <see cref="ShardWriter"/>.</summary>
public sealed record EncodedImage
{
    /// <summary>The image.</summary>
    public required ListedImage Image { get; init; }

    /// <summary>Pixels across; 0 when there is no result.</summary>
    public int Width { get; init; }

    /// <summary>Pixels down; 0 when there is no result.</summary>
    public int Height { get; init; }

    /// <summary>Its file in <c>masks.tar</c>; empty when there is no result.</summary>
    public ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>Its lines of <c>detections.json</c>, joined by a comma and a line feed; empty when it has no id.</summary>
    public ReadOnlyMemory<byte> Detections { get; init; }

    /// <summary>Its label map in <c>masks.tar</c>; empty when none is wanted.</summary>
    public ReadOnlyMemory<byte> Png { get; init; }

    /// <summary>Its file in <c>thumbnails.tar</c>; empty when none is wanted.</summary>
    public ReadOnlyMemory<byte> Thumbnail { get; init; }

    /// <summary>Instances found.</summary>
    public int Instances { get; init; }

    /// <summary>The best score; null without instances.</summary>
    public float? BestScore { get; init; }

    /// <summary>Why it has no result; null when it has one.</summary>
    public ImageError? Error { get; init; }

    /// <summary>How long it took.</summary>
    public ImageTimings Timings { get; init; }
}
