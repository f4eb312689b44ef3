namespace MaskRcnn.Detection.Weights;

/// <summary>What is to be known of a <see cref="TensorType"/>, and of sizes.</summary>
public static class TensorTypes
{
    /// <summary>Most dimensions that torch allows.</summary>
    internal const int MostDimensions = 64;

    /// <summary>Bytes of one number.</summary>
    public static int Size(this TensorType type) => type switch
    {
        TensorType.F64 or TensorType.I64 => 8,
        TensorType.F32 or TensorType.I32 => 4,
        TensorType.F16 or TensorType.BF16 or TensorType.I16 => 2,
        TensorType.I8 or TensorType.U8 or TensorType.Bool => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "There is no such type."),
    };

    /// <summary>Whether the numbers are floating point.</summary>
    public static bool IsFloating(this TensorType type) => type is TensorType.F64 or TensorType.F32 or TensorType.F16 or TensorType.BF16;

    /// <summary>A shape as people write it: <c>64×3×7×7</c>; <c>scalar</c> without dimensions.</summary>
    public static string ShapeText(IReadOnlyList<long> shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return shape.Count == 0 ? "scalar" : string.Join('×', shape);
    }

    /// <summary>Counts the numbers and bytes of a shape.</summary>
    /// <returns>False when there are too many dimensions, one is negative, or the product is beyond 64 bits.</returns>
    internal static bool TryCount(IReadOnlyList<long> shape, TensorType type, out long count, out long bytes)
    {
        (count, bytes) = (0, 0);
        if (shape.Count > MostDimensions) return false;
        Int128 product = 1;
        bool empty = false;
        foreach (long size in shape)
        {
            if (size < 0) return false;
            if (size == 0) empty = true;
            else if ((product *= size) > long.MaxValue) return false;
        }
        if (empty) return true;
        if (product * type.Size() > long.MaxValue) return false;
        count = (long)product;
        bytes = count * type.Size();
        return true;
    }
}
