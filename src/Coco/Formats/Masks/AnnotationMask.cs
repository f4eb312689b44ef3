using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Formats.Masks;

/// <summary>Annotations' masks, with errors that name the file and the annotation.</summary>
internal static class AnnotationMask
{
    /// <summary>The annotation's mask, or null if it has none.</summary>
    /// <exception cref="DatasetContentException">The mask does not decode, or not at the image's size.</exception>
    public static Rle? Of(string file, CocoAnnotation annotation, int height, int width)
    {
        try
        {
            return annotation.Segmentation?.ToRle(height, width);
        }
        catch (RleException exception)
        {
            throw new DatasetContentException(file, $"{Name(annotation)}: {exception.Message.TrimEnd('.')}", "a mask that decodes", exception);
        }
    }

    public static string Name(CocoAnnotation annotation) => annotation.Id is { } id ? $"annotation {id}" : $"a result of image {annotation.ImageId}";

    /// <summary>An object with this mask, its box and its area.</summary>
    public static CocoAnnotation ToAnnotation(Rle mask, long id, long imageId, long categoryId, bool isCrowd) => new()
    {
        Id = id,
        ImageId = imageId,
        CategoryId = categoryId,
        Segmentation = Segmentation.CompressedRle.From(mask),
        Box = mask.BoundingBox,
        Area = mask.Area,
        IsCrowd = isCrowd,
    };

    /// <summary>Whether the annotation says things that only COCO's own format holds.</summary>
    public static bool HasOtherMembers(CocoAnnotation annotation) =>
        annotation.Keypoints is not null || annotation.Score is not null || annotation.Extra.Count > 0;
}
