using System.Numerics;

namespace MaskRcnn.Detection.Training;

/// <summary>
/// A generator of random numbers (xoshiro256**, seeded by splitmix64) that gives the same numbers for the same list of
/// parts on every machine and in every version. What is drawn for an image or a step is a function of seed and place
/// alone, so that a resumed run needs no stored state. One thread at a time.
/// </summary>
public sealed class TrainingRandom
{
    private ulong _a, _b, _c, _d;

    private TrainingRandom(ulong state)
    {
        _a = Mixed(ref state);
        _b = Mixed(ref state);
        _c = Mixed(ref state);
        _d = Mixed(ref state);
    }

    /// <summary>The generator of a list of numbers, such as seed, epoch and image id; other lists give unrelated numbers.</summary>
    public static TrainingRandom Of(params ReadOnlySpan<long> parts)
    {
        // The length counts too: (1) and (1, 0) are different places.
        ulong state = (ulong)parts.Length;
        foreach (long part in parts)
        {
            ulong mixed = state ^ (ulong)part;
            state = Mixed(ref mixed);
        }
        return new TrainingRandom(state);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        ulong result = BitOperations.RotateLeft(_b * 5, 7) * 9, shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>A number in [0, 1).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number in [low, high).</summary>
    public double NextDouble(double low, double high) => low + (high - low) * NextDouble();

    /// <summary>A whole number from 0 to <paramref name="exclusive"/> − 1, each equally likely.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="exclusive"/> is below 1.</exception>
    public int Next(int exclusive)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(exclusive, 1);
        // Lemire's method: the few products that would favour some numbers are drawn again.
        uint range = (uint)exclusive, rejected = (uint)-exclusive % range;
        ulong product;
        do
        {
            product = (NextBits() >> 32) * range;
        }
        while ((uint)product < rejected);
        return (int)(product >> 32);
    }

    /// <summary>True with a probability.</summary>
    public bool NextBool(double probability) => NextDouble() < probability;

    /// <summary>A number of the normal distribution with mean 0 and deviation 1.</summary>
    public double NextGaussian() =>
        // 1 − u is in (0, 1], whose logarithm is finite.
        Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <summary>The numbers 0 to <paramref name="count"/> − 1 in a random order, each order equally likely.</summary>
    public int[] Permutation(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = count - 1; i > 0; i--)
        {
            int other = Next(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }
        return order;
    }

    private static ulong Mixed(ref ulong state)
    {
        ulong mixed = state += 0x9e3779b97f4a7c15;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        return mixed ^ (mixed >> 31);
    }
}
