namespace MaskRcnn.Coco.Datasets.Statistics;

/// <summary>Annotations, crowds included, by the way their segmentation is written.</summary>
/// <param name="None">No segmentation.</param>
/// <param name="Polygons">Polygons.</param>
/// <param name="UncompressedRle">Run lengths as numbers.</param>
/// <param name="CompressedRle">Run lengths as a string.</param>
public sealed record SegmentationCounts(int None, int Polygons, int UncompressedRle, int CompressedRle);
