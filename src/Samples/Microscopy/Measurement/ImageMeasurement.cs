namespace MaskRcnn.Samples.Microscopy.Measurement;

/// <summary>What an image and its masks show, measured from nothing but these.</summary>
public sealed record ImageMeasurement
{
    private const int Tiles = 4;

    /// <summary>Nuclei under whose contrast in noise deviations a nucleus counts as dim.</summary>
    internal const double DimBelow = 3;

    /// <summary>Nuclei.</summary>
    public int Nuclei => Contrasts.Count;

    /// <summary>Nuclei of which a pixel shares an edge with a pixel of another.</summary>
    public required int Touching { get; init; }

    /// <summary>Nuclei whose contrast is below 3.</summary>
    public int Dim => Contrasts.Count(c => c < DimBelow);

    /// <summary>For each nucleus the mean of its pixels less that of the background around it, in noise deviations.</summary>
    public required IReadOnlyList<double> Contrasts { get; init; }

    /// <summary>For each nucleus the diameter of the circle of its area, pixels.</summary>
    public required IReadOnlyList<double> Diameters { get; init; }

    /// <summary>Standard deviation of the background's noise, grey values: that of the differences of neighbours, divided by √2.</summary>
    public required double Noise { get; init; }

    /// <summary>Uneven light: the background of the lightest of 4 × 4 tiles less that of the darkest, in noise deviations.</summary>
    public required double LightRange { get; init; }

    /// <summary>Blur: the light of the first pixel outside of masks, as part of that inside. 0 is perfectly sharp.</summary>
    public required double EdgeSpill { get; init; }

    /// <summary>Measures an image.</summary>
    internal static ImageMeasurement Of(byte[] pixels, uint[] labels, int width, int height, int nuclei)
    {
        double[] image = Array.ConvertAll(pixels, p => (double)p);
        var surroundings = new Surroundings(labels, width, height, nuclei);
        double noise = BackgroundNoise(image, surroundings.IsBackground, width);
        double[] contrasts = surroundings.Contrasts(image);
        double[] tiles = [.. surroundings.TileBackgrounds(image, Tiles, Tiles)];
        return new ImageMeasurement
        {
            Touching = Contacts.Touching(labels, width, height).Count,
            Contrasts = Array.ConvertAll(contrasts, c => c / noise),
            Diameters = Array.ConvertAll(surroundings.Areas, a => Math.Sqrt(a / (Math.PI / 4))),
            Noise = noise,
            LightRange = tiles.Length == 0 ? 0 : (tiles.Max() - tiles.Min()) / noise,
            EdgeSpill = Spill(image, labels, width, height, contrasts, surroundings.Backgrounds(image), DimBelow * noise),
        };
    }

    private static double BackgroundNoise(double[] image, bool[] isBackground, int width)
    {
        double squares = 0;
        int count = 0;
        for (int i = 1; i < image.Length; i++)
        {
            if (i % width == 0 || !isBackground[i] || !isBackground[i - 1]) continue;
            squares += (image[i] - image[i - 1]) * (image[i] - image[i - 1]);
            count++;
        }
        return Math.Sqrt(squares / Math.Max(count, 1) / 2);
    }

    private static double Spill(double[] image, uint[] labels, int width, int height, double[] contrasts, double[] backgrounds, double least)
    {
        double sum = 0;
        int count = 0;
        for (int y = 1; y < height - 1; y++)
        {
            for (int x = 1; x < width - 1; x++)
            {
                int at = y * width + x;
                if (labels[at] != 0) continue;
                uint neighbour = Math.Max(Math.Max(labels[at - 1], labels[at + 1]), Math.Max(labels[at - width], labels[at + width]));
                // In dim nuclei it is noise that would be measured.
                if (neighbour == 0 || contrasts[neighbour - 1] < least) continue;
                sum += (image[at] - backgrounds[neighbour - 1]) / contrasts[neighbour - 1];
                count++;
            }
        }
        return sum / Math.Max(count, 1);
    }
}
