namespace MaskRcnn.Samples.Microscopy.Measurement;

/// <summary>How nuclei stand out: the mean inside of a mask, less the mean of the background around it.</summary>
internal sealed class Surroundings
{
    /// <summary>Pixels from any mask at which blurred light has faded.</summary>
    private const int Faded = 3;

    /// <summary>Pixels around a nucleus's box in which background is looked for, and how many must be found.</summary>
    private const int Margin = 8, Enough = 60;

    private readonly int _width, _height;
    private readonly uint[] _labels;
    private readonly PixelBox[] _boxes;
    private readonly BoxSums _backgroundCount;

    public Surroundings(uint[] labels, int width, int height, int nuclei)
    {
        (_labels, _width, _height) = (labels, width, height);
        Areas = new int[nuclei];
        _boxes = new PixelBox[nuclei];
        Array.Fill(_boxes, PixelBox.Empty);
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] == 0) continue;
            Areas[labels[i] - 1]++;
            _boxes[labels[i] - 1] = _boxes[labels[i] - 1].With(i % width, i / width);
        }
        var covered = new BoxSums(width, height, i => labels[i] == 0 ? 0 : 1);
        IsBackground = new bool[labels.Length];
        for (int i = 0; i < labels.Length; i++) IsBackground[i] = covered.Of(PixelBox.Empty.With(i % width, i / width).Grown(Faded)) == 0;
        _backgroundCount = new BoxSums(width, height, i => IsBackground[i] ? 1 : 0);
    }

    /// <summary>Pixels of each nucleus.</summary>
    public int[] Areas { get; }

    /// <summary>Pixels a few away from every mask.</summary>
    public bool[] IsBackground { get; }

    /// <summary>The contrast of each nucleus, in the image's unit.</summary>
    public double[] Contrasts(double[] image)
    {
        double[] backgrounds = Backgrounds(image), sums = new double[Areas.Length];
        for (int i = 0; i < image.Length; i++)
        {
            if (_labels[i] != 0) sums[_labels[i] - 1] += image[i];
        }
        return [.. sums.Select((sum, i) => sum / Areas[i] - backgrounds[i])];
    }

    /// <summary>The background around each nucleus: as near as there is enough of it.</summary>
    public double[] Backgrounds(double[] image)
    {
        BoxSums sums = BackgroundSums(image);
        return [.. _boxes.Select(box =>
        {
            int margin = Margin;
            while (margin < _width + _height && _backgroundCount.Of(box.Grown(margin)) < Enough) margin *= 2;
            return Mean(sums, box.Grown(margin));
        })];
    }

    /// <summary>The mean over all background.</summary>
    public double MeanBackground(double[] image) => Mean(BackgroundSums(image), new PixelBox(0, 0, _width, _height));

    /// <summary>The mean over the background in each of rows × columns tiles that has enough of it.</summary>
    public IEnumerable<double> TileBackgrounds(double[] image, int rows, int columns)
    {
        BoxSums sums = BackgroundSums(image);
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                var tile = new PixelBox(column * _width / columns, row * _height / rows, (column + 1) * _width / columns, (row + 1) * _height / rows);
                if (_backgroundCount.Of(tile) >= Enough) yield return Mean(sums, tile);
            }
        }
    }

    private BoxSums BackgroundSums(double[] image) => new(_width, _height, i => IsBackground[i] ? image[i] : 0);

    private double Mean(BoxSums sums, PixelBox box) => sums.Of(box) / Math.Max(_backgroundCount.Of(box), 1);
}
