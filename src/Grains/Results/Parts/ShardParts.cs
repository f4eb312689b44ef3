namespace MaskRcnn.Grains.Results.Parts;

/// <summary>Names of an attempt's parts; what is in them is in docs/results.md.</summary>
public static class ShardParts
{
    /// <summary>Entries of the archive, without its end.</summary>
    public const string Masks = "masks.tar";

    /// <summary>Detections in COCO's results format, each after a comma and a line feed, without the brackets.</summary>
    public const string Detections = "detections.json";

    /// <summary>A line an image without a result.</summary>
    public const string Errors = "errors.jsonl";

    /// <summary>A line an image.</summary>
    public const string Index = "index.jsonl";

    /// <summary>Entries of an archive of thumbnails, without its end.</summary>
    public const string Thumbnails = "thumbnails.tar";

    /// <summary>A line an image: how long it took.</summary>
    public const string Timings = "timings.jsonl";

    /// <summary>The evaluation by an IoU type.</summary>
    /// <param name="iouType"><c>bbox</c>, <c>segm</c> or <c>keypoints</c>.</param>
    public static string Evaluation(string iouType) => iouType + ".eval";
}
