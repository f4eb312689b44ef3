namespace MaskRcnn.Coco.Formats.Images;

/// <summary>An image whose pixels are the numbers of objects.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Labels">height × width numbers, row by row; 0 is background.</param>
internal sealed record LabelImage(int Height, int Width, uint[] Labels);
