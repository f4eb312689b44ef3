namespace MaskRcnn.Coco.Datasets;

/// <summary>An image of a data set.</summary>
public sealed record CocoImage
{
    /// <summary>The image's id, unique in its file.</summary>
    public required long Id { get; init; }

    /// <summary>Path of the image, relative to the collection's folder.</summary>
    public required string FileName { get; init; }

    /// <summary>Rows, pixels; 0 where the file does not say.</summary>
    public required int Height { get; init; }

    /// <summary>Columns, pixels; 0 where the file does not say.</summary>
    public required int Width { get; init; }

    /// <summary>Other members of the file, kept as they were.</summary>
    public IReadOnlyList<ExtraMember> Extra { get; init; } = [];
}
