using MaskRcnn.Detection.Images;

namespace MaskRcnn.Detection.Training.Data;

/// <summary>An image with its objects. Never changed in place: an augmentation makes a new one.</summary>
/// <param name="ImageId">The image's id in its data set.</param>
/// <param name="Image">The pixels.</param>
/// <param name="Instances">The objects; none for an image without objects.</param>
public sealed record TrainingSample(long ImageId, RgbImage Image, IReadOnlyList<TrainingInstance> Instances);
