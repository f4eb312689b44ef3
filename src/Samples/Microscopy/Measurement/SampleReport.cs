namespace MaskRcnn.Samples.Microscopy.Measurement;

/// <summary>What was measured in the images and masks of a set. See <see cref="ImageMeasurement"/> for how.</summary>
public sealed record SampleReport
{
    /// <summary>Images.</summary>
    public required int Images { get; init; }

    /// <summary>Nuclei in all images.</summary>
    public required int Nuclei { get; init; }

    /// <summary>Nuclei that touch another.</summary>
    public required int Touching { get; init; }

    /// <summary>Nuclei whose contrast is below 3 noise deviations.</summary>
    public required int Dim { get; init; }

    /// <summary>The sizes of the images, small before large.</summary>
    public required IReadOnlyList<SampleSize> Sizes { get; init; }

    /// <summary>Nuclei an image.</summary>
    public required Spread NucleiPerImage { get; init; }

    /// <summary>Diameters of nuclei, pixels.</summary>
    public required Spread Diameter { get; init; }

    /// <summary>Contrasts of nuclei, noise deviations.</summary>
    public required Spread Contrast { get; init; }

    /// <summary>Noise deviation of images, grey values.</summary>
    public required Spread Noise { get; init; }

    /// <summary>Range of the light over an image, noise deviations.</summary>
    public required Spread LightRange { get; init; }

    /// <summary>Light one pixel outside of masks, as part of that inside.</summary>
    public required Spread EdgeSpill { get; init; }
}
