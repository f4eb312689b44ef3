using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Evaluation.Files;

/// <summary>
/// One annotation or result in a table; what it points to lies in its <see cref="AnnotationChunk"/>. Packed, as there
/// may be millions: absent numbers are NaN or a value that cannot occur.
/// </summary>
internal readonly struct AnnotationRow(AnnotationFields fields, long imageId, long categoryId, long fileOffset)
{
    private readonly long _id = fields.Id ?? 0;
    private readonly double _score = fields.Score ?? double.NaN;
    private readonly double _area = fields.Area ?? double.NaN;
    private readonly BoundingBox _box = fields.Box ?? new BoundingBox(double.NaN, 0, 0, 0);
    private readonly int _numKeypoints = fields.NumKeypoints ?? -1;
    private readonly bool _hasId = fields.Id is not null;
    private readonly bool _hasIsCrowd = fields.IsCrowd is not null;
    private readonly bool _isCrowd = fields.IsCrowd ?? false;
    private readonly byte _segmentation = (byte)fields.Segmentation;

    public long ImageId { get; } = imageId;

    public long CategoryId { get; } = categoryId;

    public long FileOffset { get; } = fileOffset;

    public long? Id => _hasId ? _id : null;

    public double? Score => double.IsNaN(_score) ? null : _score;

    public double? Area => double.IsNaN(_area) ? null : _area;

    public BoundingBox? Box => double.IsNaN(_box.X) ? null : _box;

    public bool? IsCrowd => _hasIsCrowd ? _isCrowd : null;

    public int? NumKeypoints => _numKeypoints < 0 ? null : _numKeypoints;

    public SegmentationKind Segmentation => (SegmentationKind)_segmentation;

    public int SegmentationStart { get; init; }

    public int SegmentationLength { get; init; }

    /// <summary>Of an RLE. A size out of range is kept as one that no image has.</summary>
    public int MaskHeight { get; } = ToSide(fields.MaskHeight);

    /// <inheritdoc cref="MaskHeight"/>
    public int MaskWidth { get; } = ToSide(fields.MaskWidth);

    public bool HasKeypoints { get; } = fields.HasKeypoints;

    public int KeypointStart { get; init; }

    public int KeypointLength { get; } = fields.Keypoints.Count;

    private static int ToSide(long value) => value is >= 0 and <= int.MaxValue ? (int)value : -1;
}
