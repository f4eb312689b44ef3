using MaskRcnn.Detection.Images;

namespace MaskRcnn.Detection.Inference;

/// <summary>What finds objects in images, as a pipeline needs it. It is called from several threads at once.</summary>
public interface IImageModel
{
    /// <summary>
    /// Whether it looks at pixels. For one that does not, images are read but not decoded, <see cref="Infer"/> is not called,
    /// and each image has no detections at a size of 0 × 0: what is left is the work around the model.
    /// </summary>
    bool NeedsPixels { get; }

    /// <summary>The size to which an image is resized and padded; images of one size may share a batch.</summary>
    (int Height, int Width) PaddedSizeOf(int height, int width);

    /// <summary>Finds objects.</summary>
    /// <param name="images">A batch of images.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>One entry an image.</returns>
    IReadOnlyList<UnencodedDetections> Infer(IReadOnlyList<RgbImage> images, CancellationToken cancellation);
}
