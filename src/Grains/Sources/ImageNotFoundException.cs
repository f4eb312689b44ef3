namespace MaskRcnn.Grains.Sources;

/// <summary>The collection names an image, and there was no file when it was listed.</summary>
/// <param name="name">The image.</param>
public sealed class ImageNotFoundException(string name) : IOException($"{name}: the collection names it, and there was no file when it was listed.")
{
    /// <summary>The image.</summary>
    public string Name { get; } = name;
}
