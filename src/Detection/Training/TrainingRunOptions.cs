using MaskRcnn.Detection.Training.Checkpoints;
using MaskRcnn.Detection.Training.Data;
using MaskRcnn.Detection.Training.Evaluation;
using TorchSharp;

namespace MaskRcnn.Detection.Training;

/// <summary>A run of training.</summary>
public sealed record TrainingRunOptions
{
    /// <summary>The folder of everything that the run writes; see docs/training.md.</summary>
    public required string Output { get; init; }

    /// <summary>Settings.</summary>
    public required TrainingConfiguration Configuration { get; init; }

    /// <summary>What is trained on.</summary>
    public required TrainingDataset Data { get; init; }

    /// <summary>What is evaluated on; null for nothing: the last weights are then the model.</summary>
    public ValidationOptions? Validation { get; init; }

    /// <summary>Where it computes.</summary>
    public required torch.Device Device { get; init; }

    /// <summary>Threads that load images; they change nothing but the speed.</summary>
    public int LoaderThreads { get; init; } = 1;

    /// <summary>The checkpoint to go on from, of a run with the same settings; null to begin.</summary>
    public ResumePoint? From { get; init; }
}
