using MaskRcnn.Coco.Masks;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Detection.Training.Data;

/// <summary>An object as it waits in memory: its mask as runs, of which a whole COCO fits.</summary>
internal sealed record StoredInstance(int Label, Box Box, Rle? Mask, Keypoint[]? Keypoints)
{
    public int LabelledKeypoints => Keypoints?.Count(k => k.Visibility > 0) ?? 0;

    public TrainingInstance ToInstance() =>
        (Mask is null ? new TrainingInstance(Label, Box) : TrainingInstance.Of(Label, InstanceMask.Of(Mask)!)) with { Keypoints = Keypoints };
}
