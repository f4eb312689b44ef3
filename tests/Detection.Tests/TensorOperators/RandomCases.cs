using CsCheck;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Detection.Tests.TensorOperators;

/// <summary>Random data, the same in each run.</summary>
internal static class RandomCases
{
    /// <summary>A coordinate of a few values, so that boxes coincide, touch, or have no area; or any.</summary>
    private static readonly Gen<float> Coordinate = Gen.OneOf(Gen.Int[0, 8].Select(n => n * 10f), Gen.Float[-20, 120]);

    /// <summary>Boxes of which many overlap.</summary>
    public static Gen<Box> Box { get; } = Gen.Select(Coordinate, Coordinate, Gen.Float[0, 60], Gen.Float[0, 60]).Select((x, y, w, h) => new Box(x, y, x + MathF.Round(w), y + MathF.Round(h)));

    /// <summary>Scores of which some are equal.</summary>
    public static Gen<float> Score { get; } = Gen.Int[1, 500].Select(n => n / 500f);

    /// <summary>Cases of a generator, by number.</summary>
    public static IEnumerable<T> Of<T>(Gen<T> gen, int count) => Enumerable.Range(0, count).Select(i => gen.Generate(new PCG(1, (ulong)i), null, out _));

    /// <summary>Values around 0.</summary>
    public static float[] Normal(int seed, int count, float scale = 1)
    {
        PCG random = new(2, (ulong)seed);
        Gen<float> one = Gen.Float[-1, 1];
        // The sum of three is near enough.
        return [.. Enumerable.Range(0, count).Select(_ => scale * (Next() + Next() + Next()))];

        float Next() => one.Generate(random, null, out _);
    }
}
