using MaskRcnn.Detection.Training.Data;

namespace MaskRcnn.Detection.Training.Augmentation;

/// <summary>
/// Large-scale jitter (Ghiasi et al. 2021): the shorter side goes to a length, or stays, times a factor drawn
/// log-uniformly; then a square window is cut at a random place. Where the scaled image is smaller than the window it
/// lies at a random place in it. <see cref="SampleWindow"/> says what becomes of objects.
/// </summary>
internal sealed class ScaleJitterCrop(AugmentationConfiguration settings, byte[]? fill) : IAugmentation
{
    private readonly RandomWindow _window = new(settings.Crop, settings.CropOnObject, settings.KeepShare, fill);

    /// <inheritdoc/>
    public TrainingSample Apply(TrainingSample sample, TrainingRandom random)
    {
        (int width, int height) = (sample.Image.Width, sample.Image.Height);
        double scale = settings.ShorterSide > 0 ? (double)settings.ShorterSide / Math.Min(width, height) : 1;
        double low = Math.Log(settings.ScaleLow), high = Math.Log(settings.ScaleHigh);
        if (high > low) scale *= Math.Exp(random.NextDouble(low, high));
        else scale *= settings.ScaleLow;
        return _window.Cut(sample, Scaled(width), Scaled(height), random);

        int Scaled(int length) => Math.Max(1, (int)Math.Round(length * scale));
    }
}
