using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Training.Data;

namespace MaskRcnn.Detection.Training.Augmentation;

/// <summary>Mirrors left and right, with a probability. Left and right keypoints are swapped.</summary>
internal sealed class HorizontalFlip(double probability, KeypointPairs pairs) : IAugmentation
{
    /// <inheritdoc/>
    public TrainingSample Apply(TrainingSample sample, TrainingRandom random) => random.NextBool(probability) ? Flip(sample, pairs) : sample;

    /// <summary>The mirror image; twice gives the sample again.</summary>
    public static TrainingSample Flip(TrainingSample sample, KeypointPairs pairs) =>
        sample with { Image = Flip(sample.Image), Instances = [.. sample.Instances.Select(instance => Flip(instance, sample.Image.Width, pairs))] };

    private static RgbImage Flip(RgbImage image)
    {
        byte[] from = image.Pixels, to = GC.AllocateUninitializedArray<byte>(from.Length);
        for (int row = 0; row < from.Length; row += image.Width * 3)
        {
            for (int source = row + image.Width * 3 - 3, target = row; source >= row; source -= 3, target += 3)
            {
                to[target] = from[source];
                to[target + 1] = from[source + 1];
                to[target + 2] = from[source + 2];
            }
        }
        return new RgbImage(image.Width, image.Height, to);
    }

    private static TrainingInstance Flip(TrainingInstance instance, int width, KeypointPairs pairs)
    {
        Keypoint[]? keypoints = instance.Keypoints is null ? null : [.. instance.Keypoints.Select(k => k.Visibility > 0 ? k with { X = width - k.X } : k)];
        if (keypoints is not null) pairs.Swap(keypoints);
        return instance with
        {
            Box = new Box(width - instance.Box.X2, instance.Box.Y1, width - instance.Box.X1, instance.Box.Y2),
            Mask = instance.Mask is { } mask ? Flip(mask, width) : null,
            Keypoints = keypoints,
        };
    }

    private static InstanceMask Flip(InstanceMask mask, int width)
    {
        byte[] bits = [.. mask.Bits];
        for (int row = 0; row < bits.Length; row += mask.Width) bits.AsSpan(row, mask.Width).Reverse();
        return InstanceMask.FromTrusted(width - mask.X - mask.Width, mask.Y, mask.Width, mask.Height, bits);
    }
}
