using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Datasets;

/// <summary>One annotation or result as its text says it, without judgement. Used again for each, so that parsing allocates nothing.</summary>
internal sealed class AnnotationFields
{
    public long? Id { get; set; }

    public long? ImageId { get; set; }

    public long? CategoryId { get; set; }

    public double? Score { get; set; }

    public double? Area { get; set; }

    public bool? IsCrowd { get; set; }

    public int? NumKeypoints { get; set; }

    /// <summary>Null where absent or [].</summary>
    public BoundingBox? Box { get; set; }

    public SegmentationKind Segmentation { get; set; }

    /// <summary>Of an RLE, as its "size" says.</summary>
    public long MaskHeight { get; set; }

    /// <summary>Of an RLE, as its "size" says.</summary>
    public long MaskWidth { get; set; }

    /// <summary>All polygons' numbers in a row.</summary>
    public List<double> Coordinates { get; } = [];

    /// <summary>Where each polygon ends in <see cref="Coordinates"/>.</summary>
    public List<int> PartEnds { get; } = [];

    public List<uint> Counts { get; } = [];

    public ArraySegment<byte> Compressed { get; set; }

    public List<double> Keypoints { get; } = [];

    public bool HasKeypoints { get; set; }

    /// <summary>Other members: name, and where its value stands in the element's text. Filled only on request.</summary>
    public List<(string Name, int Start, int Length)> Extra { get; } = [];

    public void Clear()
    {
        Id = ImageId = CategoryId = null;
        Score = Area = null;
        IsCrowd = null;
        NumKeypoints = null;
        Box = null;
        ClearSegmentation();
        Keypoints.Clear();
        HasKeypoints = false;
        Extra.Clear();
    }

    public void ClearSegmentation()
    {
        Segmentation = SegmentationKind.None;
        MaskHeight = MaskWidth = 0;
        Coordinates.Clear();
        PartEnds.Clear();
        Counts.Clear();
        Compressed = default;
    }
}
