namespace MaskRcnn.Detection.Configuration;

/// <summary>The feature pyramid network (Lin et al. 2017).</summary>
public sealed record FpnConfiguration
{
    /// <summary>Channels of every level.</summary>
    public int Channels { get; init; } = 256;

    /// <summary>The normalisation after each convolution: none in v1, batch norm in v2.</summary>
    public NormConfiguration Norm { get; init; } = new();
}
