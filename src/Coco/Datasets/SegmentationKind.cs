namespace MaskRcnn.Coco.Datasets;

/// <summary>How an annotation's segmentation is written.</summary>
public enum SegmentationKind
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>A list of polygons, each x₀, y₀, x₁, y₁, …</summary>
    Polygons,

    /// <summary>Run lengths as numbers.</summary>
    UncompressedRle,

    /// <summary>Run lengths as COCO's string.</summary>
    CompressedRle,
}
