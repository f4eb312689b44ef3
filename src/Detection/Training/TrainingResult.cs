using MaskRcnn.Detection.Training.Checkpoints;

namespace MaskRcnn.Detection.Training;

/// <summary>A finished run.</summary>
/// <param name="Steps">Steps that were made in all.</param>
/// <param name="Best">The best evaluation, or null when there was none.</param>
/// <param name="Model">The model file.</param>
public sealed record TrainingResult(long Steps, BestEvaluation? Best, string Model);
