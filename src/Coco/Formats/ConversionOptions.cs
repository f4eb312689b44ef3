namespace MaskRcnn.Coco.Formats;

/// <summary>What to convert into what.</summary>
public sealed record ConversionOptions
{
    /// <summary>The file or folder to read.</summary>
    public required string Input { get; init; }

    /// <summary>The file to write; for <see cref="ConversionTarget.Yolo"/> and <see cref="ConversionTarget.LabelMap"/> the folder.</summary>
    public required string Output { get; init; }

    /// <summary>What to write.</summary>
    public required ConversionTarget To { get; init; }

    /// <summary>What the input is; detected if null.</summary>
    public DatasetKind? From { get; init; }

    /// <summary>
    /// The folder of images that YOLO sizes are read from (default: the input's folder, or <c>images</c> beside
    /// <c>labels</c>), that label maps take their images' names from (default: the label maps' own), or that holds
    /// a panoptic file's PNGs (default: the folder named like the file).
    /// </summary>
    public string? Images { get; init; }

    /// <summary>
    /// A file with the categories of YOLO or label map input: a JSON array of COCO categories, a COCO file, or text
    /// with one name a line. Default for YOLO: its <c>classes.txt</c> or <c>data.yaml</c>; for label maps: one category <c>object</c>.
    /// </summary>
    public string? Categories { get; init; }
}
