namespace MaskRcnn.Detection.Images.Bmp;

/// <summary>Makes the errors of one bitmap.</summary>
/// <param name="name">The image.</param>
internal sealed class BmpErrors(string name)
{
    public ImageFormatException Truncated(string what, long expected, long found) =>
        Damaged($"{what} end early: the file has {found} bytes; expected at least {expected}");

    public ImageFormatException Damaged(string reason) =>
        new(name, ImageFormat.Bmp, ImageProblem.Damaged, $"its BMP data is damaged or incomplete: {reason}. Copy it again, or leave it out.");

    public ImageFormatException Unsupported(string reason) =>
        new(name, ImageFormat.Bmp, ImageProblem.Unsupported, $"{reason}. Save it as PNG.");
}
