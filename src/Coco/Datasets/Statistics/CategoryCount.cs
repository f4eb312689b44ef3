namespace MaskRcnn.Coco.Datasets.Statistics;

/// <summary>How often a category occurs.</summary>
/// <param name="Id">The category's id.</param>
/// <param name="Name">The category's name.</param>
/// <param name="Images">Images with at least one of its annotations.</param>
/// <param name="Objects">Annotations that are not crowds.</param>
/// <param name="Crowds">Crowd annotations.</param>
public sealed record CategoryCount(long Id, string Name, int Images, int Objects, int Crowds);
