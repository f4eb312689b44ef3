namespace MaskRcnn.Detection.Images;

/// <summary>A decoded image: 8-bit red, green and blue.</summary>
public sealed class RgbImage
{
    /// <summary>Takes the pixels, without a copy.</summary>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="pixels">Rows from the top, three bytes a pixel; exactly width · height · 3.</param>
    /// <exception cref="ArgumentException">The sizes do not agree.</exception>
    public RgbImage(int width, int height, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (pixels.LongLength != (long)width * height * 3)
            throw new ArgumentException($"{pixels.LongLength} bytes for {width}×{height} pixels; expected {(long)width * height * 3}, three a pixel.", nameof(pixels));
        Width = width;
        Height = height;
        Pixels = pixels;
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Rows from the top, three bytes (red, green, blue) a pixel.</summary>
    public byte[] Pixels { get; }
}
