using MaskRcnn.Samples.Randomness;

namespace MaskRcnn.Samples.Microscopy.Looks;

/// <summary>A kind of preparation and microscope: what the images made of it have in common.</summary>
internal sealed record Look
{
    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>How many nuclei are asked for; fewer where there is no room.</summary>
    public required Interval Nuclei { get; init; }

    /// <summary>Diameter of the circle of a nucleus's area, pixels.</summary>
    public required Interval Diameter { get; init; }

    /// <summary>Length divided by width.</summary>
    public required Interval Elongation { get; init; }

    /// <summary>How far outlines leave the ellipse, as part of the radius.</summary>
    public required double Irregularity { get; init; }

    /// <summary>How much brighter than their surroundings an image's nuclei are, grey values.</summary>
    public required Interval Contrast { get; init; }

    /// <summary>How much darker the rim is than the middle: 0 a disc, near 1 a ball.</summary>
    public required double Dome { get; init; }

    /// <summary>How much the chromatin varies.</summary>
    public required double Mottle { get; init; }

    /// <summary>Dark spots a nucleus.</summary>
    public Interval Nucleoli { get; init; }

    /// <summary>Bright spots a nucleus.</summary>
    public Interval Foci { get; init; }

    /// <summary>The camera's grey value without light.</summary>
    public required Interval Pedestal { get; init; }

    /// <summary>Light of the medium, grey values.</summary>
    public required Interval Glow { get; init; }

    /// <summary>How much less light the darkest place gets, as part of the lightest.</summary>
    public required Interval Shade { get; init; }

    /// <summary>Variance of the sharp part of the blur, pixels².</summary>
    public required Interval Blur { get; init; }

    /// <summary>The part of the light that is spread far.</summary>
    public required Interval Haze { get; init; }

    /// <summary>The camera's own noise, grey values.</summary>
    public required Interval ReadNoise { get; init; }
}
