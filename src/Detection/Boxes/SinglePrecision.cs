namespace MaskRcnn.Detection.Boxes;

/// <summary>
/// torchvision compares single-precision values with double-precision thresholds. These single-precision thresholds
/// decide the same.
/// </summary>
internal static class SinglePrecision
{
    /// <summary>x &gt; value in double precision is x &gt; this in single precision.</summary>
    public static float LargestNotAbove(double value)
    {
        float rounded = (float)value;
        return rounded > value ? MathF.BitDecrement(rounded) : rounded;
    }

    /// <summary>x ≥ value in double precision is x ≥ this in single precision.</summary>
    public static float SmallestNotBelow(double value)
    {
        float rounded = (float)value;
        return rounded < value ? MathF.BitIncrement(rounded) : rounded;
    }
}
