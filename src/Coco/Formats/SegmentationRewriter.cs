using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Formats.Masks;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Formats;

/// <summary>Writes annotations' masks another way within COCO JSON. The mask's pixels never change.</summary>
internal sealed class SegmentationRewriter(string file, ConversionTarget to, ConversionTally tally)
{
    /// <summary>Rewrites an object of a data set.</summary>
    /// <exception cref="DatasetContentException">The mask does not decode.</exception>
    public CocoAnnotation Rewrite(CocoAnnotation annotation, CocoImage image) => Rewrite(annotation, image.Height, image.Width);

    /// <summary>Rewrites a detection; its image's size is known from its RLE only.</summary>
    /// <exception cref="DatasetContentException">The mask does not decode, or is a polygon to be made an RLE.</exception>
    public CocoAnnotation Rewrite(CocoAnnotation result)
    {
        switch (result.Segmentation)
        {
            case Segmentation.CompressedRle rle:
                return Rewrite(result, Side(result, rle.Height), Side(result, rle.Width));
            case Segmentation.UncompressedRle rle:
                return Rewrite(result, Side(result, rle.Height), Side(result, rle.Width));
            case Segmentation.Polygons when to is ConversionTarget.Rle or ConversionTarget.RleUncompressed:
                throw new DatasetContentException(
                    file, $"{AnnotationMask.Name(result)}: the mask is polygons, and results do not say the image's size",
                    "results with RLE masks or with boxes only");
            default:
                return Rewrite(result, 0, 0);
        }
    }

    private CocoAnnotation Rewrite(CocoAnnotation annotation, int height, int width)
    {
        tally.ObjectsOut++;
        if (annotation.Segmentation is null)
        {
            tally.WithoutMask++;
            return annotation;
        }
        Segmentation rewritten = Rewrite(annotation, annotation.Segmentation, height, width);
        return ReferenceEquals(rewritten, annotation.Segmentation) ? annotation : annotation with { Segmentation = rewritten };
    }

    private Segmentation Rewrite(CocoAnnotation annotation, Segmentation segmentation, int height, int width)
    {
        switch (to)
        {
            case ConversionTarget.Polygons:
                return ToPolygons(annotation, segmentation, height, width);
            case ConversionTarget.RleUncompressed:
                Rle mask = Mask();
                return new Segmentation.UncompressedRle(mask.Height, mask.Width, mask.Counts.ToArray());
            case ConversionTarget.Coco when segmentation is Segmentation.Polygons:
                return segmentation;
            default:
                return Segmentation.CompressedRle.From(Mask());
        }

        Rle Mask() => AnnotationMask.Of(file, annotation, height, width)!;
    }

    private Segmentation ToPolygons(CocoAnnotation annotation, Segmentation segmentation, int height, int width)
    {
        if (segmentation is Segmentation.Polygons) return segmentation;
        Rle mask = AnnotationMask.Of(file, annotation, height, width)!;
        // A crowd is RLE by COCO's rules, and no polygon stands for nothing.
        if (annotation.IsCrowd != true && mask.Area > 0) return new Segmentation.Polygons(MaskOutline.ToPolygons(mask));
        tally.KeptAsRle++;
        return segmentation;
    }

    private int Side(CocoAnnotation result, long side) => side is >= 0 and <= int.MaxValue
        ? (int)side
        : throw new DatasetContentException(file, $"{AnnotationMask.Name(result)}: the RLE's size has {side}", "pixels, 0 to 2^31-1");
}
