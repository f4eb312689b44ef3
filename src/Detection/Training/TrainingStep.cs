namespace MaskRcnn.Detection.Training;

/// <summary>What a step of training gave.</summary>
/// <param name="Step">Its number, from 1.</param>
/// <param name="LearningRate">The rate it was made with.</param>
/// <param name="Total">The sum of the losses; the mean over the step's batches.</param>
/// <param name="Losses">Each loss with torchvision's name.</param>
/// <param name="GradientNorm">The norm of all gradients, before they were clipped.</param>
/// <param name="Images">Images of the step.</param>
public sealed record TrainingStep(long Step, double LearningRate, double Total, IReadOnlyDictionary<string, double> Losses, double GradientNorm, int Images);
