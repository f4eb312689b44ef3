using MaskRcnn.Samples.Microscopy.Looks;
using MaskRcnn.Samples.Randomness;

namespace MaskRcnn.Samples.Microscopy.Layout;

/// <summary>An outline: an ellipse whose radius waves a little. Turned by vectors, so that no sine is needed.</summary>
internal sealed class NucleusShape
{
    private const int FirstWave = 2, Waves = 4;

    private readonly double _length, _width, _axisX, _axisY, _centerX, _centerY;
    private readonly double[] _cosines = new double[Waves], _sines = new double[Waves];

    private NucleusShape(double diameter, double elongation, double irregularity, RandomSource random)
    {
        double stretch = Math.Sqrt(elongation);
        (Diameter, _length, _width) = (diameter, diameter / 2 * stretch, diameter / 2 / stretch);
        (_axisX, _axisY) = random.NextDirection();
        (_centerX, _centerY) = (random.NextBetween(-.5, .5), random.NextBetween(-.5, .5));
        for (int i = 0; i < Waves; i++)
        {
            // Quick waves would make corners.
            double most = irregularity * FirstWave * FirstWave / ((FirstWave + i) * (FirstWave + i));
            (_cosines[i], _sines[i]) = (random.NextBetween(-most, most), random.NextBetween(-most, most));
        }
    }

    /// <summary>Diameter of the circle of the same area, pixels; about, as the waves change it a little.</summary>
    public double Diameter { get; }

    /// <summary>Pixels from the middle beyond which no part of the shape, grown by half its radius, can be.</summary>
    public int Reach => (int)(_length * 2) + 2;

    public static NucleusShape Interphase(Look look, RandomSource random) =>
        new(look.Diameter.Draw(random), look.Elongation.Draw(random), look.Irregularity, random);

    /// <summary>A cell in division: its chromosomes in a small rough bar.</summary>
    public static NucleusShape Mitotic(Look look, RandomSource random) =>
        new(look.Diameter.Draw(random) * .72, random.NextBetween(1.5, 2.2), .12, random);

    /// <summary>How far out a point is: 0 the middle, 1 the outline.</summary>
    /// <param name="x">Pixels right of the middle.</param>
    /// <param name="y">Pixels below it.</param>
    public double DistanceAt(double x, double y)
    {
        (x, y) = (x - _centerX, y - _centerY);
        double along = (x * _axisX + y * _axisY) / _length, across = (y * _axisX - x * _axisY) / _width;
        double distance = Math.Sqrt(along * along + across * across);
        if (distance < 1e-9) return 0;
        (double cosine, double sine) = (along / distance, across / distance);
        // cos 2a, sin 2a, then one angle more each time.
        (double c, double s) = (cosine * cosine - sine * sine, 2 * sine * cosine);
        double radius = 1;
        for (int i = 0; i < Waves; i++)
        {
            radius += _cosines[i] * c + _sines[i] * s;
            (c, s) = (c * cosine - s * sine, s * cosine + c * sine);
        }
        return distance / radius;
    }
}
