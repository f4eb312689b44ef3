using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Formats.Masks;

/// <summary>The objects of an image that can be drawn into a label image.</summary>
internal static class DrawableObjects
{
    /// <summary>The masks with at least a pixel; all others are counted as skipped.</summary>
    /// <exception cref="DatasetContentException">A mask does not decode.</exception>
    public static List<(Rle Mask, CocoAnnotation Annotation)> Of(string file, CocoImage image, ImageObjects objects, ConversionTally tally, bool crowds)
    {
        var drawable = new List<(Rle, CocoAnnotation)>();
        foreach (CocoAnnotation annotation in objects.Of(image))
        {
            if (annotation.IsCrowd == true && !crowds)
            {
                tally.SkippedCrowds++;
                continue;
            }
            Rle? mask = AnnotationMask.Of(file, annotation, image.Height, image.Width);
            if (mask is null)
            {
                tally.SkippedWithoutMask++;
            }
            else if (mask.Area == 0)
            {
                tally.SkippedEmptyMasks++;
            }
            else
            {
                if (AnnotationMask.HasOtherMembers(annotation)) tally.LostMembers++;
                drawable.Add((mask, annotation));
            }
        }
        return drawable;
    }
}
