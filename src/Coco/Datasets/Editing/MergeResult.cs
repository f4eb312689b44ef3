namespace MaskRcnn.Coco.Datasets.Editing;

/// <summary>A merged data set and what did not agree.</summary>
/// <param name="Dataset">The data set.</param>
/// <param name="Conflicts">What did not agree, in the order of the files.</param>
public sealed record MergeResult(CocoDataset Dataset, IReadOnlyList<MergeConflict> Conflicts);
