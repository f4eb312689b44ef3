namespace MaskRcnn.Coco.Datasets.Editing;

/// <summary>A data set to merge.</summary>
/// <param name="File">Its file's name, for messages.</param>
/// <param name="Dataset">What the file holds.</param>
public sealed record MergeInput(string File, CocoDataset Dataset);
