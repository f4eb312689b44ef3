using MaskRcnn.Grains.Results.Parts;

namespace MaskRcnn.Grains.Results.Reduction;

/// <summary>What an attempt writes.</summary>
internal enum PartKind : byte
{
    Masks,
    Detections,
    Errors,
    Index,
    Thumbnails,
    Timings,
    Bbox,
    Segm,
    Keypoints,
}

/// <summary>The names of parts.</summary>
internal static class PartKinds
{
    /// <summary>In the order of <see cref="PartKind"/>.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        ShardParts.Masks, ShardParts.Detections, ShardParts.Errors, ShardParts.Index, ShardParts.Thumbnails, ShardParts.Timings,
        ShardParts.Evaluation("bbox"), ShardParts.Evaluation("segm"), ShardParts.Evaluation("keypoints"),
    ];

    public static string Name(PartKind kind) => Names[(int)kind];

    public static PartKind? Find(string name)
    {
        for (int i = 0; i < Names.Count; i++)
        {
            if (Names[i] == name) return (PartKind)i;
        }
        return null;
    }

    /// <summary>The evaluation of an IoU type, as <see cref="Documents.ModelDocument.IouTypes"/> names it.</summary>
    public static PartKind Evaluation(string iouType) =>
        Find(ShardParts.Evaluation(iouType)) ?? throw new ReductionException($"The model's IoU type is '{iouType}'; expected bbox, segm or keypoints.");
}
