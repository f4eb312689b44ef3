using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Detection.Training.Data;

/// <summary>One object of an image.</summary>
/// <param name="Label">The network's label, 1 and up.</param>
/// <param name="Box">The box in the image's pixels; right and bottom are exclusive. With a mask it is the mask's extents.</param>
public sealed record TrainingInstance(int Label, Box Box)
{
    /// <summary>The object's pixels, or null where the data has none.</summary>
    public InstanceMask? Mask { get; init; }

    /// <summary>The object's keypoints, or null where the data has none.</summary>
    public IReadOnlyList<Keypoint>? Keypoints { get; init; }

    /// <summary>An object with a mask, whose extents are its box.</summary>
    public static TrainingInstance Of(int label, InstanceMask mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        return new TrainingInstance(label, mask.Extents) { Mask = mask };
    }
}
