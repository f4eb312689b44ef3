using System.Runtime.InteropServices;

namespace MaskRcnn.Detection.Images;

/// <summary>
/// Numbers of any range to 8 bits: the 0.1th percentile becomes 0 and the 99.9th 255, linear between them, rounded.
/// </summary>
/// <remarks>
/// Of n finite numbers in order, the percentiles are those at floor(0.001·(n−1)) and ceil(0.999·(n−1)). NaN and −∞
/// become 0, +∞ becomes 255. Where both percentiles are equal, numbers above become 255, all others 0.
/// </remarks>
internal static class IntensityStretch
{
    private const double Low = .001, High = .999;

    /// <summary>Stretches all channels together.</summary>
    /// <param name="values">1 or 3 numbers a pixel.</param>
    /// <param name="colors">How many.</param>
    /// <param name="rgb">Receives three bytes a pixel; grey is repeated.</param>
    public static void ToRgb(ReadOnlySpan<float> values, int colors, Span<byte> rgb)
    {
        (float low, float high) = Range(values);
        double range = (double)high - low;
        for (int i = 0; i < values.Length; i++)
        {
            float value = values[i];
            // Written so that NaN becomes 0, and no range 255.
            byte level = value > low ? (byte)(Math.Min(255, (value - (double)low) * 255 / range) + .5) : (byte)0;
            if (colors == 3) rgb[i] = level;
            else rgb[3 * i] = rgb[3 * i + 1] = rgb[3 * i + 2] = level;
        }
    }

    /// <summary>The two percentiles, found by counting: first the upper 16 bits of each number, then the lower.</summary>
    private static (float Low, float High) Range(ReadOnlySpan<float> values)
    {
        ReadOnlySpan<uint> bits = MemoryMarshal.Cast<float, uint>(values);
        var counts = new long[1 << 16];
        long finite = 0;
        for (int i = 0; i < bits.Length; i++)
        {
            if (!float.IsFinite(values[i])) continue;
            finite++;
            counts[Key(bits[i]) >> 16]++;
        }
        if (finite == 0) return (0, 0);
        return (At(values, counts, (long)Math.Floor(Low * (finite - 1))), At(values, counts, (long)Math.Ceiling(High * (finite - 1))));
    }

    /// <summary>The finite number at a place of the order.</summary>
    private static float At(ReadOnlySpan<float> values, long[] counts, long place)
    {
        uint upper = 0;
        while (place >= counts[upper]) place -= counts[upper++];
        var lower = new long[1 << 16];
        foreach (float value in values)
        {
            uint key = Key(BitConverter.SingleToUInt32Bits(value));
            if (key >> 16 == upper && float.IsFinite(value)) lower[key & 0xffff]++;
        }
        uint last = 0;
        while (place >= lower[last]) place -= lower[last++];
        uint found = upper << 16 | last;
        return BitConverter.UInt32BitsToSingle((found & 0x8000_0000) != 0 ? found & 0x7fff_ffff : ~found);
    }

    /// <summary>A float's bits as a number that orders as the float does.</summary>
    private static uint Key(uint bits) => (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;
}
