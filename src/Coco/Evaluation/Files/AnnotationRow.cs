using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Evaluation.Files;

/// <summary>One annotation or result in a table; what it points to lies in its <see cref="AnnotationChunk"/>.</summary>
internal struct AnnotationRow
{
    public long? Id;
    public long ImageId;
    public long CategoryId;
    public double? Score;
    public double? Area;
    public BoundingBox? Box;
    public bool? IsCrowd;
    public int? NumKeypoints;
    public SegmentationKind Segmentation;
    public int SegmentationStart;
    public int SegmentationLength;
    public long MaskHeight;
    public long MaskWidth;
    public bool HasKeypoints;
    public int KeypointStart;
    public int KeypointLength;
    public long FileOffset;
}
