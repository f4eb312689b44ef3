using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Datasets.Validation;

/// <summary>What decoding an annotation's mask gave: its area, or why there is none.</summary>
/// <param name="Area">The mask's pixels, or null where there is no mask or it does not decode.</param>
/// <param name="Problem">Why it does not decode, or null.</param>
internal readonly record struct MaskCheck(long? Area, string? Problem)
{
    /// <summary>Decodes every mask, several at a time: this is nearly all of a validation's work.</summary>
    /// <param name="annotations">The annotations.</param>
    /// <param name="images">The images by id; an annotation of an unknown image is not decoded.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static MaskCheck[] All(IReadOnlyList<CocoAnnotation> annotations, IReadOnlyDictionary<long, CocoImage> images, CancellationToken cancellationToken)
    {
        var checks = new MaskCheck[annotations.Count];
        Parallel.For(0, checks.Length, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            if (annotations[i].Segmentation is { } segmentation && images.TryGetValue(annotations[i].ImageId, out CocoImage? image))
                checks[i] = Of(segmentation, image);
        });
        return checks;
    }

    private static MaskCheck Of(Segmentation segmentation, CocoImage image)
    {
        try
        {
            return new MaskCheck(segmentation.ToRle(image.Height, image.Width).Area, null);
        }
        catch (RleException exception)
        {
            return new MaskCheck(null, exception.Message.TrimEnd('.'));
        }
    }
}
