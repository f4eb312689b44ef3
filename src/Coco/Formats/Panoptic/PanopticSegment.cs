namespace MaskRcnn.Coco.Formats.Panoptic;

/// <summary>One entry of <c>segments_info</c>.</summary>
/// <param name="Id">The segment's colour, unique in its image.</param>
/// <param name="CategoryId">The category's id.</param>
/// <param name="IsCrowd">Whether the segment is a group of objects.</param>
internal sealed record PanopticSegment(uint Id, long CategoryId, bool IsCrowd);
