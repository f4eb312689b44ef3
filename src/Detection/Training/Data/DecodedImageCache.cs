using MaskRcnn.Detection.Images;

namespace MaskRcnn.Detection.Training.Data;

/// <summary>
/// Keeps decoded images up to a number of bytes. What is in stays in: every epoch takes each image once, so that an
/// image which makes room for another gains nothing.
/// </summary>
internal sealed class DecodedImageCache(long bytes)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, RgbImage> _images = [];
    private long _left = bytes;

    /// <summary>An image, decoded now unless it is kept. Threads that ask for one image at a time may each decode it.</summary>
    public RgbImage Get(int index, Func<RgbImage> decode)
    {
        lock (_gate)
        {
            if (_images.TryGetValue(index, out RgbImage? kept)) return kept;
        }
        RgbImage image = decode();
        lock (_gate)
        {
            if (image.Pixels.Length <= _left && _images.TryAdd(index, image)) _left -= image.Pixels.Length;
        }
        return image;
    }
}
