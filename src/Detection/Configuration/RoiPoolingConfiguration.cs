using System.Text.Json.Serialization;

namespace MaskRcnn.Detection.Configuration;

/// <summary>How features are pooled for regions of interest.</summary>
public sealed record RoiPoolingConfiguration
{
    /// <summary>The operator.</summary>
    public RoiOperator Operator { get; init; } = RoiOperator.Align;

    /// <summary>RoIAlign: whether coordinates are shifted by half a pixel (detectron2's ROIAlignV2).</summary>
    public bool Aligned { get; init; }

    /// <summary>RoIAlign: samples a bin and axis; 0 means as many as the bin has pixels.</summary>
    public int SamplingRatio { get; init; } = 2;

    /// <summary>Side in pixels of the region that belongs to <see cref="CanonicalLevel"/> (FPN paper, equation 1).</summary>
    public double CanonicalSize { get; init; } = 224;

    /// <summary>The pyramid level (2 to 5) of a region of <see cref="CanonicalSize"/>.</summary>
    public int CanonicalLevel { get; init; } = 4;
}

/// <summary>The operators that pool features of a region.</summary>
public enum RoiOperator
{
    /// <summary>RoIAlign (Mask R-CNN, section 3): bilinear samples, nothing is rounded.</summary>
    [JsonStringEnumMemberName("roi_align")]
    Align,

    /// <summary>RoIPool (Fast R-CNN): the maximum over rounded bins, which the paper's ablation compares.</summary>
    [JsonStringEnumMemberName("roi_pool")]
    Pool,
}
