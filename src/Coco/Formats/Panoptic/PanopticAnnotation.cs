namespace MaskRcnn.Coco.Formats.Panoptic;

/// <summary>An image's segments and the PNG that they are in.</summary>
/// <param name="ImageId">The image's id.</param>
/// <param name="FileName">The PNG, relative to the PNG folder.</param>
/// <param name="Segments">The segments.</param>
internal sealed record PanopticAnnotation(long ImageId, string FileName, IReadOnlyList<PanopticSegment> Segments);
