using MaskRcnn.Coco.Formats;

namespace MaskRcnn.Client.Coco;

/// <summary>The names that kinds and targets have on the command line and in JSON.</summary>
internal static class ConversionNames
{
    public static IReadOnlyDictionary<string, DatasetKind> Kinds { get; } = new Dictionary<string, DatasetKind>
    {
        ["coco"] = DatasetKind.Coco,
        ["results"] = DatasetKind.Results,
        ["yolo"] = DatasetKind.Yolo,
        ["panoptic"] = DatasetKind.Panoptic,
        ["labelmap"] = DatasetKind.LabelMap,
    };

    public static IReadOnlyDictionary<string, ConversionTarget> Targets { get; } = new Dictionary<string, ConversionTarget>
    {
        ["polygons"] = ConversionTarget.Polygons,
        ["rle"] = ConversionTarget.Rle,
        ["rle-uncompressed"] = ConversionTarget.RleUncompressed,
        ["yolo"] = ConversionTarget.Yolo,
        ["panoptic"] = ConversionTarget.Panoptic,
        ["labelmap"] = ConversionTarget.LabelMap,
        ["coco"] = ConversionTarget.Coco,
    };

    public static string Of(DatasetKind kind) => Kinds.First(k => k.Value == kind).Key;

    public static string Of(ConversionTarget target) => Targets.First(t => t.Value == target).Key;
}
