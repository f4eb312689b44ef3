namespace MaskRcnn.Detection.Images;

/// <summary>How image files become pixels.</summary>
public sealed record ImageDecodeOptions
{
    /// <summary>The largest value of <see cref="MaxPixels"/>: three bytes each still fit one array.</summary>
    public const long MostPixels = 700_000_000;

    /// <summary>
    /// Most pixels (width × height, as the header says) of an image; checked before anything is decoded, because a
    /// small file can unpack to any size. 1 to <see cref="MostPixels"/>; default 200 million.
    /// </summary>
    public long MaxPixels { get; init; } = 200_000_000;

    /// <summary>
    /// Whether the image is turned as its EXIF orientation says. Default false, as torchvision and detectron2's
    /// annotations have it: pixels as they lie in the file.
    /// </summary>
    public bool ApplyOrientation { get; init; }

    /// <summary>
    /// Whether samples of more than 8 bits are stretched: the image's 0.1th percentile becomes 0, its 99.9th 255, over
    /// all channels together, linear, clamped. Default false: 16-bit samples v become round(v/257), and samples
    /// without a fixed range (float, signed, 32-bit) are an error. 8-bit samples are never changed, nor is CMYK.
    /// </summary>
    public bool Stretch { get; init; }

    internal void Check()
    {
        if (MaxPixels is < 1 or > MostPixels)
            throw new ArgumentException($"{nameof(MaxPixels)} is {MaxPixels}; expected 1 to {MostPixels}.");
    }
}
