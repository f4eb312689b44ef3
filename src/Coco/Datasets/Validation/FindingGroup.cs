namespace MaskRcnn.Coco.Datasets.Validation;

/// <summary>All findings of one kind: how many there are, and the first of them.</summary>
/// <param name="Code">The kind.</param>
/// <param name="Severity">Error or warning.</param>
/// <param name="Count">How many findings there are in all.</param>
/// <param name="First">The first <see cref="ValidationReport.ListedPerCode"/> in the order of the file.</param>
public sealed record FindingGroup(string Code, FindingSeverity Severity, int Count, IReadOnlyList<Finding> First);
