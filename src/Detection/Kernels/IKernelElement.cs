using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MaskRcnn.Detection.Kernels;

/// <summary>An element of a tensor that kernels read and write; they compute in single precision.</summary>
internal unsafe interface IKernelElement<TSelf>
    where TSelf : unmanaged, IKernelElement<TSelf>
{
    /// <summary>Reads 16 elements.</summary>
    static abstract Vector512<float> Load(TSelf* source);

    /// <summary>Writes 16 elements.</summary>
    static abstract void Store(Vector512<float> values, TSelf* target);

    /// <summary>One element's value.</summary>
    static abstract float Value(TSelf element);

    /// <summary>The element of a value.</summary>
    static abstract TSelf From(float value);
}

/// <summary>Single precision.</summary>
internal readonly unsafe struct Float32Element(float value) : IKernelElement<Float32Element>
{
    private readonly float _value = value;

    /// <inheritdoc/>
    public static float Value(Float32Element element) => element._value;

    /// <inheritdoc/>
    public static Float32Element From(float value) => new(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(Float32Element* source) => Vector512.Load(&source->_value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> values, Float32Element* target) => values.Store((float*)target);
}

/// <summary>bfloat16: the upper half of a single. Stores round to nearest, ties to even.</summary>
internal readonly unsafe struct BFloat16Element(ushort bits) : IKernelElement<BFloat16Element>
{
    private readonly ushort _bits = bits;

    /// <inheritdoc/>
    public static float Value(BFloat16Element element) => BitConverter.UInt32BitsToSingle((uint)element._bits << 16);

    /// <inheritdoc/>
    public static BFloat16Element From(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return new((ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(BFloat16Element* source)
    {
        (Vector256<uint> lower, Vector256<uint> upper) = Vector256.Widen(Vector256.Load(&source->_bits));
        return (Vector512.Create(lower, upper) << 16).AsSingle();
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> values, BFloat16Element* target)
    {
        Vector512<uint> bits = values.AsUInt32();
        bits = (bits + Vector512.Create(0x7fffu) + ((bits >> 16) & Vector512<uint>.One)) >> 16;
        Vector256.Narrow(bits.GetLower(), bits.GetUpper()).Store((ushort*)target);
    }
}
