using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Evaluation.Matching;

/// <summary>An object of an image, as the matcher sees it.</summary>
public readonly record struct GroundTruth
{
    /// <summary>The annotation's id. pycocotools takes an object of id 0 for unmatched (see <see cref="EvaluationParameters.FixKnownTraps"/>).</summary>
    public required long Id { get; init; }

    /// <summary>The object's category.</summary>
    public required long CategoryId { get; init; }

    /// <summary>The object's box, pixels.</summary>
    public BoundingBox Box { get; init; }

    /// <summary>The area that decides on the area range, pixels²: the annotation's own, in COCO the mask's.</summary>
    public required double Area { get; init; }

    /// <summary>Whether it is a group of objects, which detections may match many times and which is never missed.</summary>
    public bool IsCrowd { get; init; }

    /// <summary>The mask; needed for <see cref="IouType.Segm"/>.</summary>
    public Rle? Mask { get; init; }

    /// <summary>x, y, visibility for each keypoint; needed for <see cref="IouType.Keypoints"/>.</summary>
    public ReadOnlyMemory<double> Keypoints { get; init; }

    /// <summary>Labelled keypoints; an object without any is ignored in keypoint evaluation.</summary>
    public int LabelledKeypoints { get; init; }
}
