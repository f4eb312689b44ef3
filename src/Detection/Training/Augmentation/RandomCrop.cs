using MaskRcnn.Detection.Training.Data;

namespace MaskRcnn.Detection.Training.Augmentation;

/// <summary>
/// Cuts a square window at a random place; pixels stay as they are. A smaller image lies at a random place in the
/// window. <see cref="SampleWindow"/> says what becomes of objects.
/// </summary>
internal sealed class RandomCrop(AugmentationConfiguration settings, byte[]? fill) : IAugmentation
{
    private readonly RandomWindow _window = new(settings.Crop, settings.CropOnObject, settings.KeepShare, fill);

    /// <inheritdoc/>
    public TrainingSample Apply(TrainingSample sample, TrainingRandom random) => _window.Cut(sample, sample.Image.Width, sample.Image.Height, random);
}
