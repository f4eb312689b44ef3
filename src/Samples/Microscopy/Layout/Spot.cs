using MaskRcnn.Samples.Randomness;

namespace MaskRcnn.Samples.Microscopy.Layout;

/// <summary>A spot inside a nucleus: dark (a nucleolus) or bright (dense chromatin).</summary>
/// <param name="X">Pixels right of the nucleus's middle.</param>
/// <param name="Y">Pixels below it.</param>
/// <param name="Radius">Pixels.</param>
/// <param name="Strength">Light added at its middle, as part of the nucleus's.</param>
internal sealed record Spot(double X, double Y, double Radius, double Strength)
{
    public static Spot Draw(NucleusShape shape, RandomSource random, Interval radius, Interval strength)
    {
        (double x, double y) = random.NextDirection();
        double far = shape.Diameter * random.NextBetween(.06, .32);
        return new Spot(x * far, y * far, shape.Diameter * radius.Draw(random), strength.Draw(random));
    }

    /// <summary>The light that it adds.</summary>
    public double At(double x, double y)
    {
        double square = ((x - X) * (x - X) + (y - Y) * (y - Y)) / (Radius * Radius), rest = 1 - square / 2;
        return square >= 2 ? 0 : Strength * rest * rest;
    }
}
