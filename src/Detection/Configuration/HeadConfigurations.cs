using System.Text.Json.Serialization;

namespace MaskRcnn.Detection.Configuration;

/// <summary>The box branch.</summary>
public sealed record BoxHeadConfiguration
{
    /// <summary>Which head.</summary>
    public BoxHeadKind Kind { get; init; } = BoxHeadKind.V1;

    /// <summary>Side of the pooled features.</summary>
    public int PooledSize { get; init; } = 7;

    /// <summary>Channels of the head's convolutions; v2 only.</summary>
    public IReadOnlyList<int> ConvolutionWidths { get; init; } = [];

    /// <summary>Outputs of the fully connected layers.</summary>
    public int Width { get; init; } = 1024;

    /// <summary>The normalisation after each convolution; v2 only.</summary>
    public NormConfiguration Norm { get; init; } = new();
}

/// <summary>The kinds of box head.</summary>
public enum BoxHeadKind
{
    /// <summary>Two fully connected layers.</summary>
    [JsonStringEnumMemberName("v1")]
    V1,

    /// <summary>Convolutions with norm, then one fully connected layer.</summary>
    [JsonStringEnumMemberName("v2")]
    V2,
}

/// <summary>The mask branch (Mask R-CNN, figure 4, right).</summary>
public sealed record MaskHeadConfiguration
{
    /// <summary>Side of the pooled features; masks have twice that.</summary>
    public int PooledSize { get; init; } = 14;

    /// <summary>Channels of the 3×3 convolutions.</summary>
    public IReadOnlyList<int> ConvolutionWidths { get; init; } = [256, 256, 256, 256];

    /// <summary>Channels of the transposed convolution.</summary>
    public int PredictorWidth { get; init; } = 256;

    /// <summary>The normalisation after each convolution: none in v1, batch norm in v2.</summary>
    public NormConfiguration Norm { get; init; } = new();

    /// <summary>One mask a region, rather than one a class.</summary>
    public bool ClassAgnostic { get; init; }
}

/// <summary>The keypoint branch (Mask R-CNN, section 5).</summary>
public sealed record KeypointHeadConfiguration
{
    /// <summary>Number of keypoints of an object.</summary>
    public int Keypoints { get; init; } = 17;

    /// <summary>Side of the pooled features; heat maps have four times that.</summary>
    public int PooledSize { get; init; } = 14;

    /// <summary>Channels of the 3×3 convolutions.</summary>
    public IReadOnlyList<int> ConvolutionWidths { get; init; } = [512, 512, 512, 512, 512, 512, 512, 512];
}
