namespace MaskRcnn.Coco.Datasets;

/// <summary>A category of a data set.</summary>
public sealed record CocoCategory
{
    /// <summary>The category's id, unique in its file; COCO's own run from 1 to 90 with gaps.</summary>
    public required long Id { get; init; }

    /// <summary>The category's name.</summary>
    public required string Name { get; init; }

    /// <summary>The group that the category belongs to, or null.</summary>
    public string? Supercategory { get; init; }

    /// <summary>Other members of the file (a keypoint category's <c>keypoints</c> and <c>skeleton</c> are here), kept as they were.</summary>
    public IReadOnlyList<ExtraMember> Extra { get; init; } = [];
}
