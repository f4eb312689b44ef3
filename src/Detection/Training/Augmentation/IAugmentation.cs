using MaskRcnn.Detection.Training.Data;

namespace MaskRcnn.Detection.Training.Augmentation;

/// <summary>One way to vary a sample. Boxes of objects with masks are their masks' extents afterwards; no object is empty.</summary>
internal interface IAugmentation
{
    /// <summary>A varied sample; the given one stays as it is. What is not changed may be shared.</summary>
    TrainingSample Apply(TrainingSample sample, TrainingRandom random);
}
