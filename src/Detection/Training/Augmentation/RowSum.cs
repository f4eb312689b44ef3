using System.Numerics;
using System.Runtime.InteropServices;

namespace MaskRcnn.Detection.Training.Augmentation;

/// <summary>The inner loop of filters that put rows together. Each sum is its own, so that the width of vectors changes no bit.</summary>
internal static class RowSum
{
    /// <summary>Adds values times a weight to sums.</summary>
    public static void AddScaled(ReadOnlySpan<float> values, float weight, Span<float> sums)
    {
        ReadOnlySpan<Vector<float>> from = MemoryMarshal.Cast<float, Vector<float>>(values);
        Span<Vector<float>> to = MemoryMarshal.Cast<float, Vector<float>>(sums);
        for (int i = 0; i < to.Length; i++) to[i] += from[i] * weight;
        for (int i = to.Length * Vector<float>.Count; i < sums.Length; i++) sums[i] += values[i] * weight;
    }
}
