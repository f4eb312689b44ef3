using MaskRcnn.Detection.Boxes;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Training.Data;
using MaskRcnn.Detection.Transform;

namespace MaskRcnn.Detection.Training.Targets;

/// <summary>The objects of one image of a batch, in resized pixels.</summary>
internal sealed class ImageTargets
{
    private readonly IReadOnlyList<TrainingInstance> _instances;
    private readonly float _ratioX;
    private readonly float _ratioY;

    /// <summary>Resizes the objects of an image as the image was resized.</summary>
    public ImageTargets(TrainingSample sample, (int Height, int Width) size)
    {
        (Height, Width) = size;
        _instances = sample.Instances;
        (OriginalHeight, OriginalWidth) = (sample.Image.Height, sample.Image.Width);
        // In single precision from the whole sizes, as torchvision does.
        _ratioX = (float)Width / OriginalWidth;
        _ratioY = (float)Height / OriginalHeight;
        Boxes = [.. _instances.Select(instance => BoxGeometry.Scale(instance.Box, _ratioX, _ratioY))];
        Labels = [.. _instances.Select(instance => instance.Label)];
    }

    /// <summary>Height of the resized image.</summary>
    public int Height { get; }

    /// <summary>Width of the resized image.</summary>
    public int Width { get; }

    /// <summary>Height of the image before.</summary>
    public int OriginalHeight { get; }

    /// <summary>Width of the image before.</summary>
    public int OriginalWidth { get; }

    /// <summary>The objects' boxes.</summary>
    public IReadOnlyList<Box> Boxes { get; }

    /// <summary>The objects' labels, 1 and up.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>The mask of an object, in pixels of the image before the resize; null when it has none.</summary>
    public InstanceMask? Mask(int index) => _instances[index].Mask;

    /// <summary>The keypoints of an object in resized pixels; none when it has none.</summary>
    public IReadOnlyList<Keypoint> Keypoints(int index) =>
        [.. (_instances[index].Keypoints ?? []).Select(point => point with { X = point.X * _ratioX, Y = point.Y * _ratioY })];

    /// <summary>The objects of each image of a batch.</summary>
    public static ImageTargets[] Of(IReadOnlyList<TrainingSample> samples, ImageBatch batch) =>
        [.. samples.Select((sample, i) => new ImageTargets(sample, batch.Sizes[i]))];
}
