using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Datasets;

/// <summary>An object of a data set, or a detection of a results file. Absent members are null.</summary>
public sealed record CocoAnnotation
{
    /// <summary>The annotation's id, unique in its file; absent in results.</summary>
    public long? Id { get; init; }

    /// <summary>The image's id.</summary>
    public required long ImageId { get; init; }

    /// <summary>The category's id.</summary>
    public required long CategoryId { get; init; }

    /// <summary>The object's mask.</summary>
    public Segmentation? Segmentation { get; init; }

    /// <summary>The object's box, pixels.</summary>
    public BoundingBox? Box { get; init; }

    /// <summary>The object's area, pixels².</summary>
    public double? Area { get; init; }

    /// <summary>Whether the annotation covers a group of objects.</summary>
    public bool? IsCrowd { get; init; }

    /// <summary>A detection's confidence.</summary>
    public double? Score { get; init; }

    /// <summary>x, y, visibility (0 not labelled, 1 hidden, 2 visible) for each keypoint.</summary>
    public double[]? Keypoints { get; init; }

    /// <summary>Labelled keypoints.</summary>
    public int? NumKeypoints { get; init; }

    /// <summary>Other members of the file, kept as they were.</summary>
    public IReadOnlyList<ExtraMember> Extra { get; init; } = [];
}
