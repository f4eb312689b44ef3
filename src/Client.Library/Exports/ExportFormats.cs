namespace MaskRcnn.Client.Exports;

/// <summary>Names of the formats, as the command line and <c>export.json</c> write them.</summary>
public static class ExportFormats
{
    private static readonly (ExportFormat Format, string Name)[] Names =
    [
        (ExportFormat.Coco, "coco"),
        (ExportFormat.Yolo, "yolo"),
        (ExportFormat.Panoptic, "panoptic"),
        (ExportFormat.Parquet, "parquet"),
        (ExportFormat.PngMasks, "png-masks"),
    ];

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Names.Select(n => n.Name)];

    /// <summary>A format's name.</summary>
    /// <param name="format">The format.</param>
    public static string Name(ExportFormat format) => Names.Single(n => n.Format == format).Name;

    /// <summary>The format of a name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The format, or null when there is none of that name.</returns>
    public static ExportFormat? Find(string name) => Names.Where(n => n.Name == name).Select(n => (ExportFormat?)n.Format).SingleOrDefault();
}
