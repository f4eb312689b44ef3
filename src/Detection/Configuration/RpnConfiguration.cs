namespace MaskRcnn.Detection.Configuration;

/// <summary>The region proposal network (Ren et al. 2015) on a feature pyramid.</summary>
public sealed record RpnConfiguration
{
    /// <summary>Number of 3×3 convolutions before the predictions: 1 in v1, 2 in v2.</summary>
    public int Convolutions { get; init; } = 1;

    /// <summary>Anchor sizes in pixels for each level, finest first; one list a level.</summary>
    public IReadOnlyList<IReadOnlyList<float>> AnchorSizes { get; init; } = [[32], [64], [128], [256], [512]];

    /// <summary>Ratios height/width of the anchors, on every level.</summary>
    public IReadOnlyList<float> AspectRatios { get; init; } = [0.5f, 1, 2];

    /// <summary>Proposals taken from each level before non-maximum suppression.</summary>
    public int PreNmsTopN { get; init; } = 1000;

    /// <summary>Proposals kept for an image after non-maximum suppression.</summary>
    public int PostNmsTopN { get; init; } = 1000;

    /// <summary>IoU above which the lower proposal is suppressed.</summary>
    public double NmsThreshold { get; init; } = 0.7;

    /// <summary>Objectness that a proposal needs.</summary>
    public double ScoreThreshold { get; init; }

    /// <summary>Width and height in resized pixels that a proposal needs.</summary>
    public double MinSize { get; init; } = 1e-3;

    /// <summary>Anchors of one location.</summary>
    internal int AnchorsPerLocation(int level) => AnchorSizes[level].Count * AspectRatios.Count;
}
