namespace MaskRcnn.Detection.Training.Evaluation;

/// <summary>What a run is evaluated on.</summary>
/// <param name="Annotations">A COCO file.</param>
/// <param name="Images">The folder of its images.</param>
public sealed record ValidationOptions(string Annotations, string Images);
