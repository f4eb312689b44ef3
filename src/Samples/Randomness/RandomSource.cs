using System.Numerics;

namespace MaskRcnn.Samples.Randomness;

/// <summary>
/// Numbers that look random and are the same everywhere: xoshiro256** of Blackman and Vigna (2018), its state filled by
/// SplitMix64. Only whole numbers and exact steps from them to doubles.
/// </summary>
internal sealed class RandomSource
{
    private const double UnitOf53Bits = 1.0 / (1L << 53);

    /// <summary>Sixteen bits each: mean and deviation of the sum of twelve of them.</summary>
    private const double SumMean = 12 * 32767.5, SumDeviation = 65536;

    private ulong _s0, _s1, _s2, _s3;

    /// <summary>A stream of its own for each key; streams of one seed have nothing in common.</summary>
    /// <param name="seed">The set's seed.</param>
    /// <param name="keys">What is drawn, for instance the number of an image.</param>
    public RandomSource(long seed, params ReadOnlySpan<int> keys)
    {
        ulong state = (ulong)seed;
        foreach (int key in keys) state = SplitMix(ref state) ^ (uint)key;
        (_s0, _s1, _s2, _s3) = (SplitMix(ref state), SplitMix(ref state), SplitMix(ref state), SplitMix(ref state));
    }

    /// <summary>A generator in a known state, to compare with published numbers.</summary>
    internal static RandomSource InState(ulong s0, ulong s1, ulong s2, ulong s3) => new(0) { _s0 = s0, _s1 = s1, _s2 = s2, _s3 = s3 };

    /// <summary>64 bits.</summary>
    public ulong NextBits()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9, shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A number in [0, 1), a multiple of 2⁻⁵³.</summary>
    public double NextUnit() => (NextBits() >> 11) * UnitOf53Bits;

    /// <summary>A number in [least, most).</summary>
    public double NextBetween(double least, double most) => least + (most - least) * NextUnit();

    /// <summary>A whole number from least to most, both possible.</summary>
    public int NextWhole(int least, int most) => least + (int)(NextUnit() * (most - least + 1));

    /// <summary>
    /// A number near the normal distribution of mean 0 and deviation 1: the sum of twelve uniform ones, which needs no
    /// logarithm and never leaves ±6.
    /// </summary>
    public double NextNormal()
    {
        ulong sum = Sum(NextBits()) + Sum(NextBits()) + Sum(NextBits());
        return (sum - SumMean) / SumDeviation;
    }

    /// <summary>A direction: a vector of length 1, all alike.</summary>
    public (double X, double Y) NextDirection()
    {
        while (true)
        {
            double x = NextBetween(-1, 1), y = NextBetween(-1, 1), square = x * x + y * y;
            if (square is > 1 or < .01) continue;
            double length = Math.Sqrt(square);
            return (x / length, y / length);
        }
    }

    private static ulong Sum(ulong bits) => (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48);

    internal static ulong SplitMix(ref ulong state)
    {
        state += 0x9e3779b97f4a7c15;
        ulong mixed = (state ^ state >> 30) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
        return mixed ^ mixed >> 31;
    }
}
