namespace MaskRcnn.Detection.Images;

/// <summary>Inks to light without a colour profile, by Pillow's rule.</summary>
internal static class CmykConversion
{
    /// <summary>r = (255 − k) − (255 − k)·c/255, the product rounded; so for green and blue with m and y.</summary>
    /// <param name="inks">Pixels of <paramref name="bands"/> bytes: cyan, magenta, yellow, black (255 is full ink), then what is dropped.</param>
    /// <param name="bands">At least 4.</param>
    /// <param name="rgb">Receives three bytes a pixel.</param>
    public static void ToRgb(ReadOnlySpan<byte> inks, int bands, Span<byte> rgb)
    {
        for (int from = 0, to = 0; from < inks.Length; from += bands, to += 3)
        {
            int light = 255 - inks[from + 3];
            for (int c = 0; c < 3; c++)
            {
                int product = inks[from + c] * light + 128;
                rgb[to + c] = (byte)Math.Max(0, light - ((product + (product >> 8)) >> 8));
            }
        }
    }
}
