namespace MaskRcnn.Coco.Datasets.Editing;

/// <summary>Something that two data sets say differently, or that is in both.</summary>
/// <param name="Code"><c>same-file-name</c>, <c>same-category-name</c>, <c>supercategory</c>, <c>keypoints</c>, <c>skeleton</c> or <c>dropped-member</c>.</param>
/// <param name="Message">The files, what differs, and what was done.</param>
public sealed record MergeConflict(string Code, string Message);
