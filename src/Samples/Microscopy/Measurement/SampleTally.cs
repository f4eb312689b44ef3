namespace MaskRcnn.Samples.Microscopy.Measurement;

/// <summary>Collects what was measured in the images of a set, one after the other.</summary>
public sealed class SampleTally
{
    private readonly List<ImageMeasurement> _images = [];
    private readonly Dictionary<(int Width, int Height), int> _sizes = [];

    /// <summary>Adds an image.</summary>
    /// <param name="image">The image; only its measurement is kept.</param>
    public void Add(SampleImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        _images.Add(image.Measurement);
        _sizes[(image.Width, image.Height)] = _sizes.GetValueOrDefault((image.Width, image.Height)) + 1;
    }

    /// <summary>The set's numbers.</summary>
    /// <exception cref="InvalidOperationException">No image was added.</exception>
    public SampleReport ToReport() => new()
    {
        Images = _images.Count,
        Nuclei = _images.Sum(i => i.Nuclei),
        Touching = _images.Sum(i => i.Touching),
        Dim = _images.Sum(i => i.Dim),
        Sizes = [.. _sizes.Select(s => new SampleSize(s.Key.Width, s.Key.Height, s.Value)).OrderBy(s => s.Width).ThenBy(s => s.Height)],
        NucleiPerImage = Spread.Of(_images.Select(i => (double)i.Nuclei)),
        Diameter = Spread.Of(_images.SelectMany(i => i.Diameters)),
        Contrast = Spread.Of(_images.SelectMany(i => i.Contrasts)),
        Noise = Spread.Of(_images.Select(i => i.Noise)),
        LightRange = Spread.Of(_images.Select(i => i.LightRange)),
        EdgeSpill = Spread.Of(_images.Select(i => i.EdgeSpill)),
    };
}
