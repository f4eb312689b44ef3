using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Json;

namespace MaskRcnn.Coco.Evaluation.Files;

/// <summary>What a result's box and area are taken from; the first result of the file decides, as in pycocotools' <c>loadRes</c>.</summary>
internal enum ResultsKind
{
    /// <summary>Results have boxes: the area is the box's, also for masks.</summary>
    Boxes,

    /// <summary>Results have masks: area and box are the mask's.</summary>
    Masks,

    /// <summary>Results have keypoints: area and box are those of their extent.</summary>
    Keypoints,

    /// <summary>There are no results.</summary>
    Empty,
}

/// <summary>The detections of a results file, checked against the ground truth.</summary>
internal sealed class ResultsFile
{
    private ResultsFile(JsonSource source, AnnotationTable detections, ResultsKind kind)
    {
        Source = source;
        Detections = detections;
        Kind = kind;
    }

    public JsonSource Source { get; }

    public AnnotationTable Detections { get; }

    public ResultsKind Kind { get; }

    public List<string> Warnings { get; } = [];

    public static ResultsFile Read(JsonSource source, CancellationToken cancellationToken)
    {
        var detections = new AnnotationTable(source.Parse(batch => AnnotationChunk.Parse(source, batch), cancellationToken, JsonRoot.Array));
        return new ResultsFile(source, detections, KindOf(source, detections));
    }

    /// <summary>Checks images and scores, and warns of unknown categories.</summary>
    /// <exception cref="CocoFormatException">Results of unknown images, or without a score.</exception>
    public void Check(GroundTruthFile groundTruth)
    {
        var broken = new BrokenReferences(Source);
        long unknown = 0;
        var unknownIds = new SortedSet<long>();
        foreach (AnnotationTable.Place place in Detections.Places())
        {
            ref readonly AnnotationRow row = ref Detections.Row(place);
            if (row.Score is null) throw Source.Error(row.FileOffset, row.Id, "a result without \"score\"", "a number");
            if (!groundTruth.Images.ContainsKey(row.ImageId)) broken.Add(row, $"image_id {row.ImageId}", $"an image of {groundTruth.Source.Name}");
            if (groundTruth.Categories.ContainsKey(row.CategoryId)) continue;
            unknown++;
            unknownIds.Add(row.CategoryId);
        }
        broken.ThrowIfAny();
        if (unknown > 0)
        {
            string ids = string.Join(", ", unknownIds.Take(20)) + (unknownIds.Count > 20 ? $" and {unknownIds.Count - 20} more" : "");
            Warnings.Add($"{Source.Name}: {unknown} detections are of categories that the ground truth does not have ({ids}); they are ignored.");
        }
    }

    private static ResultsKind KindOf(JsonSource source, AnnotationTable detections)
    {
        foreach (AnnotationTable.Place place in detections.Places())
        {
            ref readonly AnnotationRow first = ref detections.Row(place);
            if (first.Box is not null) return ResultsKind.Boxes;
            if (first.Segmentation != SegmentationKind.None) return ResultsKind.Masks;
            if (first.HasKeypoints) return ResultsKind.Keypoints;
            throw source.Error(first.FileOffset, first.Id, "a result without \"bbox\", \"segmentation\" and \"keypoints\"", "one of them");
        }
        return ResultsKind.Empty;
    }
}
