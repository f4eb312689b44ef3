namespace MaskRcnn.Coco.Evaluation;

/// <summary>What detections and ground truths are compared by.</summary>
public enum IouType
{
    /// <summary>Intersection over union of boxes.</summary>
    Bbox,

    /// <summary>Intersection over union of masks.</summary>
    Segm,

    /// <summary>Object keypoint similarity.</summary>
    Keypoints,
}
