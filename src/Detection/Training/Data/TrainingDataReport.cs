namespace MaskRcnn.Detection.Training.Data;

/// <summary>What a data set holds for training, and what was wrong with it.</summary>
/// <param name="ImagesInFile">Images of the annotations' file.</param>
/// <param name="AnnotationsInFile">Annotations of the file.</param>
/// <param name="Images">Images that are trained on.</param>
/// <param name="Instances">Objects that are trained on.</param>
/// <param name="InstancesOf">Objects of each label that has any.</param>
/// <param name="Findings">What was found, by kind; none for a data set without fault.</param>
public sealed record TrainingDataReport(
    int ImagesInFile,
    int AnnotationsInFile,
    int Images,
    int Instances,
    IReadOnlyDictionary<int, int> InstancesOf,
    IReadOnlyList<TrainingDataFinding> Findings)
{
    /// <summary>How often a kind was found.</summary>
    /// <param name="code">One of <see cref="TrainingFindingCodes"/>.</param>
    public long CountOf(string code) => Findings.FirstOrDefault(f => f.Code == code)?.Count ?? 0;
}
