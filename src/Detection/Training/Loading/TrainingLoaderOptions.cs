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

    /// <summary>Most batches that are made ahead, those at work included; 1 and up. More threads than this have nothing to do. Default 4.</summary>
    public int PrefetchedBatches { get; init; } = 4;

    /// <summary>Whether images of like shape share batches. Default true; with crops all images have one shape, and it has no effect.</summary>
    public bool GroupByAspectRatio { get; init; } = true;

    /// <summary>How samples are varied.</summary>
    public AugmentationConfiguration Augmentation { get; init; } = new();

    /// <summary>The model's input transform; a sample's shorter side is drawn from its <see cref="TransformConfiguration.MinSizes"/>.</summary>
    public TransformConfiguration Transform { get; init; } = new();

    /// <exception cref="ArgumentException">A number is out of range; the message lists every problem.</exception>
    internal void Check()
    {
        RuleList rules = new();
        rules.Whole("batch_size", BatchSize, 1, 1 << 16);
        rules.Whole("threads", Threads, 1, 1 << 10);
        rules.Whole("prefetched_batches", PrefetchedBatches, 1, 1 << 10);
        rules.Require(FirstStep >= 0, RuleList.Text($"first_step is {FirstStep}; expected 0 or more"));
        string[] problems = [.. rules.Problems, .. AugmentationRules.Problems(Augmentation)];
        if (problems.Length > 0) throw new ArgumentException($"The loader's settings are not valid: {string.Join("; ", problems)}.");
    }
}
