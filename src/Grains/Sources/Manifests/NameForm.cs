namespace MaskRcnn.Grains.Sources.Manifests;

/// <summary>A kind of file that names images one by one.</summary>
/// <param name="Place">What a place in it is called.</param>
/// <param name="Read">Reads its names on the calling thread, and gives out each.</param>
internal sealed record NameForm(string Place, Action<SourceFile, Action<NamedImage>, CancellationToken> Read)
{
    /// <summary>A name a line, or JSON lines.</summary>
    public static NameForm Manifest { get; } = new("line", ManifestFile.Read);

    /// <summary>A COCO file's images.</summary>
    public static NameForm Coco { get; } = new("image", CocoNames.Read);
}
