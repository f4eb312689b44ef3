using MaskRcnn.Samples.Microscopy.Looks;
using MaskRcnn.Samples.Randomness;

namespace MaskRcnn.Samples.Microscopy.Light;

/// <summary>What the microscope does to light: most is blurred a little, some is spread farther (what is out of focus).</summary>
internal sealed class Optics
{
    private const int SharpPasses = 4, HazePasses = 3;

    private readonly double _side, _haze;
    private readonly int _hazeRadius;

    public Optics(Look look, RandomSource random)
    {
        // A pass of weights (w, 1 - 2w, w) adds 2w to the variance.
        _side = look.Blur.Draw(random) / (2 * SharpPasses);
        _haze = look.Haze.Draw(random);
        _hazeRadius = random.NextWhole(3, 6);
    }

    /// <summary>The light that reaches the camera.</summary>
    /// <param name="light">The scene's light, height × width; changed.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    public double[] Apply(double[] light, int width, int height)
    {
        double[] haze = [.. light], spare = new double[light.Length];
        for (int pass = 0; pass < SharpPasses; pass++)
        {
            BlurRows(light, spare, width);
            BlurColumns(spare, light, width);
        }
        for (int pass = 0; pass < HazePasses; pass++)
        {
            BoxRows(haze, spare, width);
            BoxColumns(spare, haze, width, height);
        }
        for (int i = 0; i < light.Length; i++) light[i] = (1 - _haze) * light[i] + _haze * haze[i];
        return light;
    }

    /// <summary>Three weights; beyond the edge is what is at the edge.</summary>
    private void BlurRows(double[] from, double[] to, int width)
    {
        for (int start = 0; start < from.Length; start += width)
        {
            ReadOnlySpan<double> row = from.AsSpan(start, width);
            for (int x = 0; x < row.Length; x++)
                to[start + x] = (1 - 2 * _side) * row[x] + _side * (row[Math.Max(x - 1, 0)] + row[Math.Min(x + 1, row.Length - 1)]);
        }
    }

    private void BlurColumns(double[] from, double[] to, int width)
    {
        for (int start = 0; start < from.Length; start += width)
        {
            ReadOnlySpan<double> row = from.AsSpan(start, width);
            ReadOnlySpan<double> above = start == 0 ? row : from.AsSpan(start - width, width), below = start + width == from.Length ? row : from.AsSpan(start + width, width);
            for (int x = 0; x < row.Length; x++) to[start + x] = (1 - 2 * _side) * row[x] + _side * (above[x] + below[x]);
        }
    }

    /// <summary>The mean of what is near, from a running sum.</summary>
    private void BoxRows(double[] from, double[] to, int width)
    {
        double part = 1.0 / (2 * _hazeRadius + 1);
        for (int start = 0, last = width - 1; start < from.Length; start += width)
        {
            ReadOnlySpan<double> row = from.AsSpan(start, width);
            double sum = 0;
            for (int x = -_hazeRadius; x <= _hazeRadius; x++) sum += row[Math.Clamp(x, 0, last)];
            for (int x = 0; x <= last; x++)
            {
                to[start + x] = sum * part;
                sum += row[Math.Min(x + _hazeRadius + 1, last)] - row[Math.Max(x - _hazeRadius, 0)];
            }
        }
    }

    private void BoxColumns(double[] from, double[] to, int width, int height)
    {
        double part = 1.0 / (2 * _hazeRadius + 1);
        var sums = new double[width];
        for (int y = -_hazeRadius; y <= _hazeRadius; y++)
        {
            ReadOnlySpan<double> row = Row(y);
            for (int x = 0; x < sums.Length; x++) sums[x] += row[x];
        }
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<double> next = Row(y + _hazeRadius + 1), first = Row(y - _hazeRadius);
            for (int x = 0; x < sums.Length; x++)
            {
                to[y * width + x] = sums[x] * part;
                sums[x] += next[x] - first[x];
            }
        }

        ReadOnlySpan<double> Row(int y) => from.AsSpan(Math.Clamp(y, 0, height - 1) * width, width);
    }
}
