namespace MaskRcnn.Coco.Datasets.Statistics;

/// <summary>
/// Objects by area, at COCO's limits 32² and 96² pixels. An object is counted once here; evaluation counts one of
/// exactly 1024 or 9216 pixels in both of its ranges.
/// </summary>
/// <param name="Small">Area under 1024.</param>
/// <param name="Medium">Area from 1024 to under 9216.</param>
/// <param name="Large">Area of 9216 and more.</param>
/// <param name="Unknown">No <c>area</c> in the file.</param>
public sealed record AreaCounts(int Small, int Medium, int Large, int Unknown);
