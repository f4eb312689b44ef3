using TorchSharp;

namespace MaskRcnn.Detection.Transform;

/// <summary>Images as the network takes them.</summary>
/// <param name="Pixels">(N, 3, H, W), normalised, channels-last; images lie top left, the rest is 0.</param>
/// <param name="Sizes">Height and width of each resized image.</param>
/// <param name="OriginalSizes">Height and width of each image before the resize.</param>
public sealed record ImageBatch(torch.Tensor Pixels, IReadOnlyList<(int Height, int Width)> Sizes, IReadOnlyList<(int Height, int Width)> OriginalSizes) : IDisposable
{
    /// <summary>Height of the padded batch.</summary>
    public int PaddedHeight => (int)Pixels.shape[2];

    /// <summary>Width of the padded batch.</summary>
    public int PaddedWidth => (int)Pixels.shape[3];

    /// <summary>Pixels of an image to a pixel of its resized image, horizontally and vertically.</summary>
    internal (float X, float Y) Ratios(int image) =>
        ((float)OriginalSizes[image].Width / Sizes[image].Width, (float)OriginalSizes[image].Height / Sizes[image].Height);

    /// <inheritdoc/>
    public void Dispose() => Pixels.Dispose();
}
