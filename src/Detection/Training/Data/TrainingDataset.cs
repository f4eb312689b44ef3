using MaskRcnn.Coco.Datasets;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Images;

namespace MaskRcnn.Detection.Training.Data;

/// <summary>The images that are trained on, with their objects. May be read by many threads.</summary>
public sealed class TrainingDataset
{
    private readonly Func<int, TrainingSample> _read;

    internal TrainingDataset(IReadOnlyList<TrainingImage> images, Func<int, TrainingSample> read, TrainingDataReport report)
    {
        Images = images;
        Report = report;
        _read = read;
    }

    /// <summary>The images, in the order of their file.</summary>
    public IReadOnlyList<TrainingImage> Images { get; }

    /// <summary>What the data set holds and what was wrong with it.</summary>
    public TrainingDataReport Report { get; }

    /// <summary>
    /// Reads a COCO file and the headers of its images. What is wrong and can be skipped is skipped and counted in the
    /// report. Crowds are left out.
    /// </summary>
    /// <param name="annotations">The COCO file: instances or keypoints.</param>
    /// <param name="imagesFolder">The folder that <c>file_name</c> is relative to.</param>
    /// <param name="model">The model that is trained: its categories, and whether it has masks and keypoints.</param>
    /// <param name="options">What is kept; null for the defaults.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="TrainingDataException">The file or the folder is not there, or no image is left.</exception>
    /// <exception cref="MaskRcnn.Coco.Json.CocoFormatException">The file is malformed.</exception>
    public static TrainingDataset Open(string annotations, string imagesFolder, ModelConfiguration model, TrainingDataOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(annotations);
        if (!File.Exists(annotations)) throw new TrainingDataException($"{annotations}: there is no such file; expected a data set in COCO's format.");
        return Open(annotations, CocoReader.ReadDataset(annotations, cancellation), imagesFolder, model, options, cancellation);
    }

    /// <summary>As <see cref="Open(string, string, ModelConfiguration, TrainingDataOptions?, CancellationToken)"/>, of a data set that is in memory.</summary>
    /// <param name="name">What errors call the data set.</param>
    /// <param name="dataset">The data set.</param>
    /// <param name="imagesFolder">The folder that <c>file_name</c> is relative to.</param>
    /// <param name="model">The model that is trained.</param>
    /// <param name="options">What is kept; null for the defaults.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="TrainingDataException">The folder is not there, or no image is left.</exception>
    public static TrainingDataset Open(string name, CocoDataset dataset, string imagesFolder, ModelConfiguration model, TrainingDataOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(imagesFolder);
        ArgumentNullException.ThrowIfNull(model);
        options ??= new TrainingDataOptions();
        if (options.LeastKeypoints < 0 || options.CacheBytes < 0)
            throw new ArgumentException($"{nameof(options.LeastKeypoints)} is {options.LeastKeypoints} and {nameof(options.CacheBytes)} {options.CacheBytes}; expected 0 or more.", nameof(options));
        if (!Directory.Exists(imagesFolder)) throw new TrainingDataException($"{imagesFolder}: there is no such folder; expected the images of {name}.");
        (IReadOnlyList<StoredImage> images, TrainingDataReport report) = new DatasetReader(imagesFolder, model, options).Read(dataset, cancellation);
        if (images.Count == 0)
            throw new TrainingDataException($"{name}: none of its {report.ImagesInFile} images in {imagesFolder} can be trained on; expected at least one. {string.Join(' ', report.Findings)}".TrimEnd());
        DecodedImageCache cache = new(options.CacheBytes);
        return new TrainingDataset([.. images.Select(image => image.ToImage())], index => Read(index, images[index], cache, options.Decoding), report);
    }

    /// <summary>A data set that is in memory already.</summary>
    /// <exception cref="ArgumentException">There are no samples.</exception>
    public static TrainingDataset Of(IReadOnlyList<TrainingSample> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        if (samples.Count == 0) throw new ArgumentException("There are no samples; expected at least one.", nameof(samples));
        Dictionary<int, int> counts = samples.SelectMany(s => s.Instances).CountBy(i => i.Label).ToDictionary();
        int instances = counts.Values.Sum();
        return new TrainingDataset(
            [.. samples.Select(s => new TrainingImage(s.ImageId, $"image {s.ImageId}", s.Image.Width, s.Image.Height, s.Instances.Count))],
            index => samples[index],
            new TrainingDataReport(samples.Count, instances, samples.Count, instances, counts, []));
    }

    /// <summary>An image with its objects.</summary>
    /// <param name="index">Its place in <see cref="Images"/>.</param>
    /// <exception cref="ImageFormatException">The image cannot be decoded.</exception>
    /// <exception cref="IOException">The image cannot be read.</exception>
    public TrainingSample Read(int index) => _read(index);

    private static TrainingSample Read(int index, StoredImage stored, DecodedImageCache cache, ImageDecodeOptions decoding)
    {
        RgbImage image = cache.Get(index, () => ImageDecoder.DecodeFile(stored.Path, decoding).Image);
        if ((image.Width, image.Height) != (stored.Width, stored.Height))
            throw new TrainingDataException($"{stored.Path} has {image.Width} × {image.Height} pixels; expected {stored.Width} × {stored.Height}, as when the data set was opened.");
        return new TrainingSample(stored.Id, image, [.. stored.Instances.Select(instance => instance.ToInstance())]);
    }
}
