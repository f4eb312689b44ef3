namespace MaskRcnn.Samples.Microscopy.Measurement;

/// <summary>How many images have a size.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Images">Images of this size.</param>
public sealed record SampleSize(int Width, int Height, int Images);
