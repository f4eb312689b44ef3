namespace MaskRcnn.Coco.Datasets;

/// <summary>A data set in memory: what an instances or keypoints file holds, in the file's order.</summary>
public sealed record CocoDataset
{
    /// <summary>The images.</summary>
    public IReadOnlyList<CocoImage> Images { get; init; } = [];

    /// <summary>The objects.</summary>
    public IReadOnlyList<CocoAnnotation> Annotations { get; init; } = [];

    /// <summary>The categories.</summary>
    public IReadOnlyList<CocoCategory> Categories { get; init; } = [];

    /// <summary>Other members of the file (<c>info</c>, <c>licenses</c>), kept as they were.</summary>
    public IReadOnlyList<ExtraMember> Extra { get; init; } = [];
}
