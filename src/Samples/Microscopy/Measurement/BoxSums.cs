namespace MaskRcnn.Samples.Microscopy.Measurement;

/// <summary>Sums over boxes of pixels, each from four numbers.</summary>
internal sealed class BoxSums
{
    private readonly int _width, _height;
    private readonly double[] _sums;

    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="value">The value of a pixel, by its place in the rows.</param>
    public BoxSums(int width, int height, Func<int, double> value)
    {
        (_width, _height) = (width, height);
        _sums = new double[(width + 1) * (height + 1)];
        for (int y = 0; y < height; y++)
        {
            double row = 0;
            for (int x = 0; x < width; x++)
            {
                row += value(y * width + x);
                _sums[(y + 1) * (width + 1) + x + 1] = _sums[y * (width + 1) + x + 1] + row;
            }
        }
    }

    /// <summary>The sum over a box; what is outside of the image counts nothing.</summary>
    public double Of(PixelBox box)
    {
        int left = Math.Max(box.Left, 0), right = Math.Min(box.Right, _width), top = Math.Max(box.Top, 0), bottom = Math.Min(box.Bottom, _height);
        return At(right, bottom) - At(left, bottom) - At(right, top) + At(left, top);
    }

    private double At(int x, int y) => _sums[y * (_width + 1) + x];
}
