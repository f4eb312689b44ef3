using System.Text.Json.Serialization;

namespace MaskRcnn.Detection.Configuration;

/// <summary>The ResNet (He et al. 2015), in torchvision's form: a bottleneck's stride is in its 3×3 convolution.</summary>
public sealed record BackboneConfiguration
{
    /// <summary>The kind of residual block.</summary>
    public ResidualBlock Block { get; init; } = ResidualBlock.Bottleneck;

    /// <summary>Number of blocks in each of the four stages. ResNet-50: 3, 4, 6, 3.</summary>
    public IReadOnlyList<int> StageBlocks { get; init; } = [3, 4, 6, 3];

    /// <summary>Channels of the stem (the 7×7 convolution).</summary>
    public int StemWidth { get; init; } = 64;

    /// <summary>Channels of each stage's 3×3 convolutions.</summary>
    public IReadOnlyList<int> InnerWidths { get; init; } = [64, 128, 256, 512];

    /// <summary>Channels of each stage's output, C2 to C5.</summary>
    public IReadOnlyList<int> StageWidths { get; init; } = [256, 512, 1024, 2048];

    /// <summary>The normalisation after each convolution.</summary>
    public NormConfiguration Norm { get; init; } = new() { Kind = NormKind.FrozenBatch };
}

/// <summary>The kind of a ResNet's residual block.</summary>
public enum ResidualBlock
{
    /// <summary>Two 3×3 convolutions: ResNet-18 and -34.</summary>
    [JsonStringEnumMemberName("basic")]
    Basic,

    /// <summary>1×1, 3×3, 1×1: ResNet-50, -101 and -152.</summary>
    [JsonStringEnumMemberName("bottleneck")]
    Bottleneck,
}

/// <summary>A normalisation layer.</summary>
public sealed record NormConfiguration
{
    /// <summary>Which one; with <see cref="NormKind.None"/> convolutions have a bias instead.</summary>
    public NormKind Kind { get; init; }

    /// <summary>What is added to the variance before its root is taken. 0 for torchvision's published v1 files.</summary>
    public double Eps { get; init; } = 1e-5;

    /// <summary>Number of groups of a group norm.</summary>
    public int Groups { get; init; } = 32;
}

/// <summary>The kinds of normalisation.</summary>
public enum NormKind
{
    /// <summary>None: the convolution has a bias.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>Batch norm whose statistics and weights are constants.</summary>
    [JsonStringEnumMemberName("frozen_batch")]
    FrozenBatch,

    /// <summary>Batch norm.</summary>
    [JsonStringEnumMemberName("batch")]
    Batch,

    /// <summary>Group norm (Wu and He 2018).</summary>
    [JsonStringEnumMemberName("group")]
    Group,
}
