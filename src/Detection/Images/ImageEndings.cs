namespace MaskRcnn.Detection.Images;

/// <summary>How names of image files end.</summary>
public static class ImageEndings
{
    private static readonly string[] Endings = [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"];

    /// <summary>The endings, with the dot, in small letters.</summary>
    public static IReadOnlyList<string> All => Endings;

    /// <summary>Whether a name ends as an image's does, in small or capital letters.</summary>
    public static bool Has(string name) => Endings.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase);
}
