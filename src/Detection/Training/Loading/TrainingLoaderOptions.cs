using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Training.Augmentation;

namespace MaskRcnn.Detection.Training.Loading;

/// <summary>How batches are made.</summary>
public sealed record TrainingLoaderOptions
{
    /// <summary>Images of a step, 1 and up. Default 2.</summary>
    public int BatchSize { get; init; } = 2;

    /// <summary>The seed of order and augmentation.</summary>
    public long Seed { get; init; }

    /// <summary>The first step that is delivered, from 0.</summary>
    public long FirstStep { get; init; }

    /// <summary>Threads that decode and augment, 1 and up. Changes nothing but the speed. Default 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Most batches that are made ahead, 1 and up. Default 4.</summary>
    public int PrefetchedBatches { get; init; } = 4;

    /// <summary>How samples are varied.</summary>
    public AugmentationConfiguration Augmentation { get; init; } = new();

    /// <summary>The model's input transform; a sample's shorter side is drawn from its <see cref="TransformConfiguration.MinSizes"/>.</summary>
    public TransformConfiguration Transform { get; init; } = new();
}
