using System.Globalization;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Datasets.Validation;

/// <summary>The rules that annotations and results share: references, boxes and masks.</summary>
internal sealed class ContentRules(string file, DatasetReferences references, FindingList findings)
{
    // COCO's own files overstep images by rounding errors.
    private const double OutsideTolerance = 1;

    /// <summary>Checks the references.</summary>
    /// <returns>The image, or null where it is unknown.</returns>
    public CocoImage? CheckReferences(string subject, CocoAnnotation annotation)
    {
        if (!references.KeypointsOf.ContainsKey(annotation.CategoryId))
            findings.Error(
                FindingCodes.UnknownCategory, file, subject, $"\"category_id\" is {annotation.CategoryId}",
                $"one of the data set's {references.KeypointsOf.Count} categories", annotation.Id);
        if (references.Images.TryGetValue(annotation.ImageId, out CocoImage? image)) return image;
        findings.Error(
            FindingCodes.UnknownImage, file, subject, $"\"image_id\" is {annotation.ImageId}",
            $"one of the data set's {references.Images.Count} images", annotation.Id);
        return null;
    }

    public void CheckBox(string subject, CocoAnnotation annotation, CocoImage? image)
    {
        if (annotation.Box is not { } box) return;
        string text = string.Create(CultureInfo.InvariantCulture, $"\"bbox\" is [{box.X}, {box.Y}, {box.Width}, {box.Height}]");
        if (box.Width <= 0 || box.Height <= 0)
            findings.Error(FindingCodes.BoxSize, file, subject, text, "[x, y, width, height] with positive width and height", annotation.Id);
        else if (image is not null && IsOutside(box, image))
            findings.Warning(
                FindingCodes.BoxOutside, file, subject, text, $"a box within the image's {image.Width} × {image.Height} pixels",
                annotation.Id);
    }

    public void CheckMask(string subject, CocoAnnotation annotation, CocoImage? image, MaskCheck mask)
    {
        if (annotation.Segmentation is Segmentation.Polygons polygons && !CheckPolygons(subject, annotation, polygons, image)) return;
        if (image is not null && SizeOf(annotation.Segmentation) is { } size && size != (image.Height, image.Width))
        {
            findings.Error(
                FindingCodes.RleSize, file, subject, $"the RLE's size is [{size.Height}, {size.Width}]",
                $"the image's [{image.Height}, {image.Width}] (height, width)", annotation.Id);
            return;
        }
        if (mask.Problem is not null) findings.Error(FindingCodes.InvalidMask, file, subject, mask.Problem, "a mask that decodes", annotation.Id);
        if (mask.Area == 0) findings.Warning(FindingCodes.EmptyMask, file, subject, "the mask has no pixel", "at least one pixel", annotation.Id);
    }

    private bool CheckPolygons(string subject, CocoAnnotation annotation, Segmentation.Polygons polygons, CocoImage? image)
    {
        foreach (double[] part in polygons.Parts)
        {
            if (part.Length >= 6) continue;
            findings.Error(
                FindingCodes.PolygonTooShort, file, subject, $"a polygon has {part.Length / 2} points", "at least 3 points",
                annotation.Id);
            return false;
        }
        if (image is not null && polygons.Parts.Any(part => IsOutside(part, image)))
            findings.Warning(
                FindingCodes.PolygonOutside, file, subject, "a polygon leaves the image",
                $"points within {image.Width} × {image.Height} pixels", annotation.Id);
        return true;
    }

    private static bool IsOutside(BoundingBox box, CocoImage image) =>
        box.X < -OutsideTolerance || box.Y < -OutsideTolerance
        || box.X + box.Width > image.Width + OutsideTolerance || box.Y + box.Height > image.Height + OutsideTolerance;

    private static bool IsOutside(double[] polygon, CocoImage image)
    {
        for (int i = 0; i < polygon.Length; i++)
        {
            if (polygon[i] < -OutsideTolerance || polygon[i] > (i % 2 == 0 ? image.Width : image.Height) + OutsideTolerance) return true;
        }
        return false;
    }

    private static (long Height, long Width)? SizeOf(Segmentation? segmentation) => segmentation switch
    {
        Segmentation.CompressedRle rle => (rle.Height, rle.Width),
        Segmentation.UncompressedRle rle => (rle.Height, rle.Width),
        _ => null,
    };
}
