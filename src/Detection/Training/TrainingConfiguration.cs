using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Training.Augmentation;
using MaskRcnn.Detection.Training.Optimization;
using MaskRcnn.Detection.Training.Targets;

namespace MaskRcnn.Detection.Training;

/// <summary>Everything that a run of training depends on but for its data and first weights.</summary>
public sealed record TrainingConfiguration
{
    /// <summary>Name of the preset that it began with.</summary>
    public string Preset { get; init; } = "custom";

    /// <summary>The model.</summary>
    public ModelConfiguration Model { get; init; } = new();

    /// <summary>Steps of the run.</summary>
    public long Steps { get; init; } = 90_000;

    /// <summary>Images that go through the network together.</summary>
    public int BatchSize { get; init; } = 2;

    /// <summary>Batches whose gradients are averaged before the weights change.</summary>
    public int Accumulation { get; init; } = 1;

    /// <summary>Seed of the first weights, the order of the images, their augmentation, and the sampling of regions.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Stages of the backbone that are trained, from the last one; 5 is all of it.</summary>
    public int TrainedBackboneStages { get; init; } = 3;

    /// <summary>Whether batch norms learn and gather statistics; frozen batch norms never do.</summary>
    public bool TrainNorms { get; init; } = true;

    /// <summary>Precision of activations; weights are always single precision.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>Whether images without an object are trained on, too.</summary>
    public bool KeepImagesWithoutObjects { get; init; }

    /// <summary>Shorter sides that training draws from, in pixels; none: those of the model's transform.</summary>
    public IReadOnlyList<int> MinSizes { get; init; } = [];

    /// <summary>Steps between evaluations; 0: only at the end.</summary>
    public long EvaluateEvery { get; init; } = 5000;

    /// <summary>Detections of an image that the evaluation looks at, the last of <c>--max-dets</c>.</summary>
    public int EvaluationDetections { get; init; } = 100;

    /// <summary>Steps between checkpoints.</summary>
    public long CheckpointEvery { get; init; } = 1000;

    /// <summary>The optimiser.</summary>
    public OptimizerConfiguration Optimizer { get; init; } = new();

    /// <summary>What the losses look at.</summary>
    public SamplingConfiguration Sampling { get; init; } = new();

    /// <summary>How images are varied.</summary>
    public AugmentationConfiguration Augmentation { get; init; } = new();
}
