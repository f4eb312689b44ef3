using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Evaluation.Matching;
using MaskRcnn.Coco.Json;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Evaluation.Files;

/// <summary>Makes of an image's rows what the matcher takes: decodes masks, fills in boxes and areas.</summary>
internal sealed class InstanceLoader(GroundTruthFile groundTruthFile, ResultsFile resultsFile, EvaluationParameters parameters)
{
    private readonly IouType _iouType = parameters.IouType;

    /// <exception cref="CocoFormatException">The annotation lacks what the IoU type needs, or it is not valid.</exception>
    public GroundTruth GroundTruth(AnnotationTable.Place place)
    {
        AnnotationTable table = groundTruthFile.Annotations;
        ref readonly AnnotationRow row = ref table.Row(place);
        (int height, int width, _) = groundTruthFile.Images[row.ImageId];
        bool hasMask = row.Segmentation != SegmentationKind.None;
        bool needsMask = _iouType == IouType.Segm || (hasMask && (row.Area is null || (row.Box is null && _iouType == IouType.Bbox)));
        Rle? mask = needsMask ? Mask(groundTruthFile.Source, table, place, height, width) : null;
        BoundingBox? box = row.Box ?? mask?.BoundingBox;
        if (_iouType != IouType.Segm && box is null && !(_iouType == IouType.Keypoints && row.HasKeypoints))
            throw groundTruthFile.Source.Error(row.FileOffset, row.Id, "no \"bbox\"", $"[x, y, width, height] for --iou-type {_iouType.ToString().ToLowerInvariant()}");
        return new GroundTruth
        {
            Id = row.Id!.Value,
            CategoryId = row.CategoryId,
            Box = box ?? default,
            Area = row.Area ?? mask?.Area ?? box?.Area ?? 0,
            IsCrowd = row.IsCrowd ?? false,
            Mask = _iouType == IouType.Segm ? mask : null,
            Keypoints = _iouType == IouType.Keypoints ? Keypoints(groundTruthFile.Source, table, place) : default,
            LabelledKeypoints = row.NumKeypoints ?? Labelled(table.Chunk(place).Keypoints(row).Span),
        };
    }

    /// <exception cref="CocoFormatException">The result lacks what the IoU type needs, or it is not valid.</exception>
    public Detection Detection(AnnotationTable.Place place)
    {
        AnnotationTable table = resultsFile.Detections;
        ref readonly AnnotationRow row = ref table.Row(place);
        (int height, int width, _) = groundTruthFile.Images[row.ImageId];
        (BoundingBox box, double area, Rle? mask) = resultsFile.Kind switch
        {
            ResultsKind.Boxes => FromBox(table, place, height, width),
            ResultsKind.Masks => FromMask(table, place, height, width),
            _ => FromKeypoints(table, place),
        };
        return new Detection
        {
            CategoryId = row.CategoryId,
            Score = row.Score!.Value,
            Box = box,
            Area = area,
            Mask = mask,
            Keypoints = _iouType == IouType.Keypoints ? Keypoints(resultsFile.Source, table, place) : default,
        };
    }

    private (BoundingBox Box, double Area, Rle? Mask) FromBox(AnnotationTable table, AnnotationTable.Place place, int height, int width)
    {
        ref readonly AnnotationRow row = ref table.Row(place);
        BoundingBox box = row.Box ?? throw Missing(row, "\"bbox\"", "[x, y, width, height], as the first result has one");
        if (_iouType != IouType.Segm) return (box, box.Area, null);
        CheckSize(resultsFile.Source, row, height, width);
        Rle mask = row.Segmentation == SegmentationKind.None
            ? Checked(resultsFile.Source, row, () => PolygonRasterizer.Rasterize(box, height, width))
            : Mask(resultsFile.Source, table, place, height, width);
        // pycocotools takes the box's area here; COCO's area ranges are of masks.
        return (box, parameters.FixKnownTraps ? mask.Area : box.Area, mask);
    }

    private (BoundingBox Box, double Area, Rle? Mask) FromMask(AnnotationTable table, AnnotationTable.Place place, int height, int width)
    {
        ref readonly AnnotationRow row = ref table.Row(place);
        if (row.Segmentation == SegmentationKind.None) throw Missing(row, "\"segmentation\"", "a mask, as the first result has one");
        Rle mask = Mask(resultsFile.Source, table, place, height, width);
        return (row.Box ?? mask.BoundingBox, mask.Area, _iouType == IouType.Segm ? mask : null);
    }

    private (BoundingBox Box, double Area, Rle? Mask) FromKeypoints(AnnotationTable table, AnnotationTable.Place place)
    {
        ref readonly AnnotationRow row = ref table.Row(place);
        if (_iouType == IouType.Segm) throw Missing(row, "\"bbox\" and \"segmentation\"", "one of them for --iou-type segm");
        if (row.KeypointLength == 0) throw Missing(row, "\"keypoints\"", "x, y, visibility for each, as the first result has them");
        ReadOnlySpan<double> keypoints = table.Chunk(place).Keypoints(row).Span;
        double x0 = double.MaxValue, y0 = double.MaxValue, x1 = double.MinValue, y1 = double.MinValue;
        for (int i = 0; i < keypoints.Length; i += 3)
        {
            (x0, x1) = (Math.Min(x0, keypoints[i]), Math.Max(x1, keypoints[i]));
            (y0, y1) = (Math.Min(y0, keypoints[i + 1]), Math.Max(y1, keypoints[i + 1]));
        }
        return (new BoundingBox(x0, y0, x1 - x0, y1 - y0), (x1 - x0) * (y1 - y0), null);
    }

    private ReadOnlyMemory<double> Keypoints(JsonSource source, AnnotationTable table, AnnotationTable.Place place)
    {
        ref readonly AnnotationRow row = ref table.Row(place);
        int expected = 3 * parameters.Sigmas.Length;
        // An object without keypoints has none labelled and is ignored.
        if (!row.HasKeypoints && source == groundTruthFile.Source) return new double[expected];
        return row.KeypointLength == expected
            ? table.Chunk(place).Keypoints(row)
            : throw source.Error(row.FileOffset, row.Id, $"\"keypoints\" with {row.KeypointLength} numbers", $"{expected}: x, y, visibility for each of {parameters.Sigmas.Length} keypoints (--sigmas)");
    }

    private static Rle Mask(JsonSource source, AnnotationTable table, AnnotationTable.Place place, int height, int width)
    {
        AnnotationRow row = table.Row(place);
        if (row.Segmentation == SegmentationKind.None)
            throw source.Error(row.FileOffset, row.Id, "no \"segmentation\"", "polygons or an RLE for --iou-type segm");
        CheckSize(source, row, height, width);
        try
        {
            return table.Chunk(place).Mask(row, height, width);
        }
        catch (RleException exception)
        {
            throw Invalid(source, row, exception);
        }
    }

    private static void CheckSize(JsonSource source, in AnnotationRow row, int height, int width)
    {
        if (height == 0 || width == 0)
            throw source.Error(row.FileOffset, row.Id, $"a mask in image {row.ImageId}, for which the data set has no \"height\" and \"width\"", "the image's size");
    }

    private static Rle Checked(JsonSource source, in AnnotationRow row, Func<Rle> rasterise)
    {
        try
        {
            return rasterise();
        }
        catch (RleException exception)
        {
            throw Invalid(source, row, exception);
        }
    }

    private static CocoFormatException Invalid(JsonSource source, in AnnotationRow row, RleException exception) =>
        source.Error(row.FileOffset, row.Id, $"image {row.ImageId}: {exception.Message.TrimEnd('.')}", "a valid mask of the image's size");

    private CocoFormatException Missing(in AnnotationRow row, string what, string expected) => resultsFile.Source.Error(row.FileOffset, row.Id, $"a result without {what}", expected);

    private static int Labelled(ReadOnlySpan<double> keypoints)
    {
        int count = 0;
        for (int i = 2; i < keypoints.Length; i += 3) count += keypoints[i] > 0 ? 1 : 0;
        return count;
    }
}
