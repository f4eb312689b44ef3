using System.Text.Json.Serialization;

namespace MaskRcnn.Detection.Training.Optimization;

/// <summary>How the weights go down the gradients.</summary>
public sealed record OptimizerConfiguration
{
    /// <summary>The learning rate after the warm-up; the paper's 0.02 is for 16 images a step.</summary>
    public double LearningRate { get; init; } = 0.02;

    /// <summary>Momentum.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Weight decay.</summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>Whether weight decay acts on norms' weights and on biases, too, as in torchvision's reference training.</summary>
    public bool DecayNormsAndBiases { get; init; } = true;

    /// <summary>Steps of the linear warm-up.</summary>
    public int WarmUpSteps { get; init; } = 1000;

    /// <summary>Part of the rate that the warm-up begins with.</summary>
    public double WarmUpFactor { get; init; } = 0.001;

    /// <summary>What the rate does after the warm-up.</summary>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.MultiStep;

    /// <summary>Where the rate drops, as parts of the run, 0 to 1. The paper: 120 000 of 160 000 steps.</summary>
    public IReadOnlyList<double> DropsAt { get; init; } = [0.75];

    /// <summary>Factor of each drop.</summary>
    public double DropFactor { get; init; } = 0.1;

    /// <summary>Largest norm of all gradients together; 0 for no limit.</summary>
    public double ClipNorm { get; init; }

    /// <summary>Decay of the moving average of the weights, which is what is evaluated and saved; 0 for none.</summary>
    public double AverageDecay { get; init; }
}

/// <summary>What the learning rate does after the warm-up.</summary>
public enum ScheduleKind
{
    /// <summary>Nothing.</summary>
    [JsonStringEnumMemberName("constant")]
    Constant,

    /// <summary>It drops at given steps.</summary>
    [JsonStringEnumMemberName("multi_step")]
    MultiStep,

    /// <summary>Half a cosine to 0 at the end of the run.</summary>
    [JsonStringEnumMemberName("cosine")]
    Cosine,
}
