namespace MaskRcnn.Detection.Training.Augmentation;

/// <summary>How samples are varied.</summary>
public sealed record AugmentationConfiguration
{
    /// <summary>Probability of a horizontal flip, 0 to 1.</summary>
    public double HorizontalFlip { get; init; } = 0.5;
}
