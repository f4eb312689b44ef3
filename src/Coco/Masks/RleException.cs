namespace MaskRcnn.Coco.Masks;

/// <summary>A mask that is not valid: the message names the size, what was found and what was expected.</summary>
public sealed class RleException : FormatException
{
    /// <inheritdoc/>
    public RleException(string message) : base(message) { }

    /// <inheritdoc/>
    public RleException(string message, Exception innerException) : base(message, innerException) { }

    /// <inheritdoc/>
    public RleException() { }

    internal static void CheckSize(int height, int width)
    {
        if (height < 0 || width < 0 || (long)height * width > Rle.MaxPixels)
            throw new RleException($"RLE size [{height}, {width}] is not a mask's; expected [height, width] with at most 2^31-1 pixels.");
    }

    internal static void CheckSum(int height, int width, ReadOnlySpan<uint> counts)
    {
        ulong sum = 0;
        foreach (uint count in counts) sum += count;
        if (sum != (ulong)((long)height * width))
            throw new RleException($"RLE runs sum to {sum}; expected {(long)height * width} for size [{height}, {width}].");
    }

    internal static void CheckSameSize(Rle a, Rle b)
    {
        if (a.Height != b.Height || a.Width != b.Width)
            throw new RleException($"RLE sizes differ: [{a.Height}, {a.Width}] and [{b.Height}, {b.Width}]; expected masks of one image.");
    }
}
