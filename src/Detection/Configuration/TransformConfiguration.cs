using System.Text.Json.Serialization;

namespace MaskRcnn.Detection.Configuration;

/// <summary>How an image becomes the network's input: normalised, then resized, then padded.</summary>
public sealed record TransformConfiguration
{
    /// <summary>Mean of red, green and blue on the scale 0..1.</summary>
    public IReadOnlyList<float> Mean { get; init; } = [0.485f, 0.456f, 0.406f];

    /// <summary>Standard deviation of red, green and blue on the scale 0..1.</summary>
    public IReadOnlyList<float> Std { get; init; } = [0.229f, 0.224f, 0.225f];

    /// <summary>Lengths in pixels for the shorter side: training draws one, inference takes the last.</summary>
    public IReadOnlyList<int> MinSizes { get; init; } = [800];

    /// <summary>Largest length in pixels of the longer side.</summary>
    public int MaxSize { get; init; } = 1333;

    /// <summary>How the resized size is computed.</summary>
    public ResizeRule ResizeRule { get; init; } = ResizeRule.DoublePrecision;

    /// <summary>Padded sizes are multiples of this many pixels.</summary>
    public int SizeDivisor { get; init; } = 32;
}

/// <summary>How the scale of a resize is computed; the rules differ by one pixel on about 29 % of sizes.</summary>
public enum ResizeRule
{
    /// <summary>torchvision 0.15 and newer: plain division in double precision.</summary>
    [JsonStringEnumMemberName("double")]
    DoublePrecision,

    /// <summary>torchvision 0.14 and older: the reciprocal in single precision, times the size.</summary>
    [JsonStringEnumMemberName("single_reciprocal")]
    SingleReciprocal,
}
