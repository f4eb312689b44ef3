using MaskRcnn.Samples.Microscopy.Looks;
using MaskRcnn.Samples.Randomness;

namespace MaskRcnn.Samples.Microscopy.Light;

/// <summary>Light to grey values of 8 bit, with the noise of photons and of the camera.</summary>
internal sealed class Camera(Look look, RandomSource random)
{
    /// <summary>Variance of rounding to whole numbers.</summary>
    private const double Rounding = 1.0 / 12;

    private readonly double _readNoise = look.ReadNoise.Draw(random);

    /// <summary>Grey values of variance a grey value of light.</summary>
    private readonly double _gain = random.NextBetween(.015, .05);

    /// <summary>The grey value without light.</summary>
    public double Pedestal { get; } = look.Pedestal.Draw(random);

    /// <summary>The deviation of grey values where there is so much light.</summary>
    public double NoiseAt(double light) => Math.Sqrt(_readNoise * _readNoise + _gain * light + Rounding);

    public byte[] Expose(double[] light)
    {
        var pixels = new byte[light.Length];
        for (int i = 0; i < light.Length; i++)
        {
            double deviation = Math.Sqrt(_readNoise * _readNoise + _gain * light[i]);
            double value = Pedestal + light[i] + deviation * random.NextNormal();
            pixels[i] = (byte)Math.Clamp(value + .5, 0, 255);
        }
        return pixels;
    }
}
