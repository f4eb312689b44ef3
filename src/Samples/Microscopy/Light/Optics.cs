using MaskRcnn.Samples.Microscopy.Looks;
using MaskRcnn.Samples.Randomness;

namespace MaskRcnn.Samples.Microscopy.Light;

/// <summary>What the microscope does to light: most is blurred a little, some is spread far (what is out of focus).</summary>
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
        _hazeRadius = random.NextWhole(5, 11);
    }

    public double[] Apply(double[] light, int width, int height)
    {
        double[] sharp = light, spare = new double[light.Length], haze = light;
        for (int pass = 0; pass < SharpPasses; pass++) sharp = Transposed(Transposed(sharp, width, height, BlurRow), height, width, BlurRow);
        for (int pass = 0; pass < HazePasses; pass++) haze = Transposed(Transposed(haze, width, height, BoxRow), height, width, BoxRow);
        for (int i = 0; i < spare.Length; i++) spare[i] = (1 - _haze) * sharp[i] + _haze * haze[i];
        return spare;
    }

    private delegate void Filter(ReadOnlySpan<double> row, double[] image, int start, int stride);

    /// <summary>Filters each row and writes it as a column, so that the second time rows are columns again.</summary>
    private static double[] Transposed(double[] image, int width, int height, Filter filter)
    {
        var result = new double[image.Length];
        for (int y = 0; y < height; y++) filter(image.AsSpan(y * width, width), result, y, height);
        return result;
    }

    /// <summary>Three weights; beyond the edge is what is at the edge.</summary>
    private void BlurRow(ReadOnlySpan<double> row, double[] image, int start, int stride)
    {
        for (int x = 0; x < row.Length; x++)
        {
            double left = row[Math.Max(x - 1, 0)], right = row[Math.Min(x + 1, row.Length - 1)];
            image[start + x * stride] = (1 - 2 * _side) * row[x] + _side * (left + right);
        }
    }

    /// <summary>The mean of what is near, from a running sum.</summary>
    private void BoxRow(ReadOnlySpan<double> row, double[] image, int start, int stride)
    {
        double sum = 0;
        int last = row.Length - 1;
        for (int x = -_hazeRadius; x <= _hazeRadius; x++) sum += row[Math.Clamp(x, 0, last)];
        for (int x = 0; x <= last; x++)
        {
            image[start + x * stride] = sum / (2 * _hazeRadius + 1);
            sum += row[Math.Min(x + _hazeRadius + 1, last)] - row[Math.Max(x - _hazeRadius, 0)];
        }
    }
}
