namespace MaskRcnn.Detection.Training.Data;

/// <summary>The images that are trained on, with their objects. May be read by many threads.</summary>
public sealed class TrainingDataset
{
    private readonly Func<int, TrainingSample> _read;

    internal TrainingDataset(IReadOnlyList<TrainingImage> images, Func<int, TrainingSample> read)
    {
        Images = images;
        _read = read;
    }

    /// <summary>The images, in the order of their file.</summary>
    public IReadOnlyList<TrainingImage> Images { get; }

    /// <summary>A data set that is in memory already.</summary>
    /// <exception cref="ArgumentException">There are no samples.</exception>
    public static TrainingDataset Of(IReadOnlyList<TrainingSample> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        if (samples.Count == 0) throw new ArgumentException("There are no samples; expected at least one.", nameof(samples));
        return new TrainingDataset(
            [.. samples.Select(s => new TrainingImage(s.ImageId, $"image {s.ImageId}", s.Image.Width, s.Image.Height, s.Instances.Count))],
            index => samples[index]);
    }

    /// <summary>An image with its objects.</summary>
    /// <param name="index">Its place in <see cref="Images"/>.</param>
    public TrainingSample Read(int index) => _read(index);
}
