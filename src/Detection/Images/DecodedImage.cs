namespace MaskRcnn.Detection.Images;

/// <summary>An image file's pixels, and what its user may want to know about how they came about.</summary>
/// <param name="Image">The pixels.</param>
/// <param name="Format">What the file is.</param>
/// <param name="Warnings">Whole sentences that name the image, such as that only the first of several pages was read; mostly none.</param>
public sealed record DecodedImage(RgbImage Image, ImageFormat Format, IReadOnlyList<string> Warnings);
