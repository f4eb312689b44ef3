namespace MaskRcnn.Detection.Training.Targets;

/// <summary>Which boxes the losses look at. The defaults are torchvision's and those of the FPN paper.</summary>
public sealed record SamplingConfiguration
{
    /// <summary>RPN: proposals taken from each level before non-maximum suppression, in training.</summary>
    public int RpnPreNmsTopN { get; init; } = 2000;

    /// <summary>RPN: proposals kept for an image after it, in training.</summary>
    public int RpnPostNmsTopN { get; init; } = 2000;

    /// <summary>RPN: IoU from which an anchor belongs to an object.</summary>
    public double RpnForegroundIou { get; init; } = 0.7;

    /// <summary>RPN: IoU below which an anchor is background.</summary>
    public double RpnBackgroundIou { get; init; } = 0.3;

    /// <summary>RPN: anchors of an image in the loss.</summary>
    public int RpnBatchSize { get; init; } = 256;

    /// <summary>RPN: largest share of positive anchors.</summary>
    public double RpnPositiveFraction { get; init; } = 0.5;

    /// <summary>Box branch: IoU from which a proposal belongs to an object.</summary>
    public double ForegroundIou { get; init; } = 0.5;

    /// <summary>Box branch: IoU below which a proposal is background.</summary>
    public double BackgroundIou { get; init; } = 0.5;

    /// <summary>Box branch: regions of an image in the loss (the paper's N).</summary>
    public int BatchSize { get; init; } = 512;

    /// <summary>Box branch: largest share of positive regions (the paper's 1:3).</summary>
    public double PositiveFraction { get; init; } = 0.25;
}
