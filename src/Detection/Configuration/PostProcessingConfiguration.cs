using System.Text.Json.Serialization;

namespace MaskRcnn.Detection.Configuration;

/// <summary>What becomes of the network's boxes and masks.</summary>
public sealed record PostProcessingConfiguration
{
    /// <summary>Scores must be greater than this.</summary>
    public double ScoreThreshold { get; init; } = 0.05;

    /// <summary>IoU above which the lower detection of a class is suppressed.</summary>
    public double NmsThreshold { get; init; } = 0.5;

    /// <summary>
    /// Share of the smaller of two masks of a class that the other covers, above which the detection with the lower score is
    /// suppressed; null for none, as in the paper. For objects that cannot overlap, such as nuclei: the boxes of a pair, and of the two seen
    /// as one, may overlap too little for <see cref="NmsThreshold"/>.
    /// </summary>
    public double? MaskNmsThreshold { get; init; }

    /// <summary>Most detections of an image.</summary>
    public int MaxDetections { get; init; } = 100;

    /// <summary>Width and height in resized pixels that a detection needs.</summary>
    public double MinSize { get; init; } = 1e-2;

    /// <summary>A pixel belongs to a mask when its probability is greater than this.</summary>
    public double MaskThreshold { get; init; } = 0.5;

    /// <summary>How a mask's 28×28 probabilities are brought to the image.</summary>
    public PasteRule PasteRule { get; init; } = PasteRule.Torchvision;
}

/// <summary>How a mask's probabilities are brought to the image.</summary>
public enum PasteRule
{
    /// <summary>torchvision: padded by one, the enlarged box truncated to whole pixels, bilinear resize.</summary>
    [JsonStringEnumMemberName("torchvision")]
    Torchvision,

    /// <summary>detectron2: bilinear samples at pixel centres of the exact box; at least the threshold counts.</summary>
    [JsonStringEnumMemberName("detectron2")]
    Detectron2,
}
