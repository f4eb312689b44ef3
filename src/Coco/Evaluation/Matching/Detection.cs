using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Evaluation.Matching;

/// <summary>A detection in an image, as the matcher sees it.</summary>
public readonly record struct Detection
{
    /// <summary>The detection's category.</summary>
    public required long CategoryId { get; init; }

    /// <summary>Confidence, any finite number.</summary>
    public required double Score { get; init; }

    /// <summary>The box, pixels.</summary>
    public BoundingBox Box { get; init; }

    /// <summary>The area that decides on the area range, pixels².</summary>
    public required double Area { get; init; }

    /// <summary>The mask; needed for <see cref="IouType.Segm"/>.</summary>
    public Rle? Mask { get; init; }

    /// <summary>x, y, visibility for each keypoint (visibility is not used); needed for <see cref="IouType.Keypoints"/>.</summary>
    public ReadOnlyMemory<double> Keypoints { get; init; }
}
