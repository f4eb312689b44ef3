namespace MaskRcnn.Coco.Datasets.Statistics;

/// <summary>How many images have a size.</summary>
/// <param name="Width">Columns, pixels.</param>
/// <param name="Height">Rows, pixels.</param>
/// <param name="Images">Images of this size.</param>
public sealed record ImageSizeCount(int Width, int Height, int Images);
