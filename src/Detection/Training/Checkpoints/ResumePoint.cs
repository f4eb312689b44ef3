namespace MaskRcnn.Detection.Training.Checkpoints;

/// <summary>A checkpoint from which a run can go on.</summary>
/// <param name="Path">The file.</param>
/// <param name="State">Where the run was.</param>
/// <param name="Configuration">What the run was set to.</param>
public sealed record ResumePoint(string Path, RunState State, TrainingConfiguration Configuration);
