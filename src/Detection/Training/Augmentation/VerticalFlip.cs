using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Training.Data;

namespace MaskRcnn.Detection.Training.Augmentation;

/// <summary>Mirrors top and bottom, with a probability. It is a mirror too: left and right keypoints are swapped.</summary>
internal sealed class VerticalFlip(double probability, KeypointPairs pairs) : IAugmentation
{
    /// <inheritdoc/>
    public TrainingSample Apply(TrainingSample sample, TrainingRandom random) => random.NextBool(probability) ? Flip(sample, pairs) : sample;

    /// <summary>The mirror image; twice gives the sample again.</summary>
    public static TrainingSample Flip(TrainingSample sample, KeypointPairs pairs)
    {
        RgbImage image = sample.Image;
        return sample with
        {
            Image = new RgbImage(image.Width, image.Height, RowsReversed(image.Pixels, image.Width * 3)),
            Instances = [.. sample.Instances.Select(instance => Flip(instance, image.Height, pairs))],
        };
    }

    private static TrainingInstance Flip(TrainingInstance instance, int height, KeypointPairs pairs)
    {
        Keypoint[]? keypoints = instance.Keypoints is null ? null : [.. instance.Keypoints.Select(k => k.Visibility > 0 ? k with { Y = height - k.Y } : k)];
        if (keypoints is not null) pairs.Swap(keypoints);
        return instance with
        {
            Box = new Box(instance.Box.X1, height - instance.Box.Y2, instance.Box.X2, height - instance.Box.Y1),
            Mask = instance.Mask is { } mask ? InstanceMask.FromTrusted(mask.X, height - mask.Y - mask.Height, mask.Width, mask.Height, RowsReversed(mask.Bits, mask.Width)) : null,
            Keypoints = keypoints,
        };
    }

    private static byte[] RowsReversed(byte[] rows, int rowBytes)
    {
        byte[] reversed = GC.AllocateUninitializedArray<byte>(rows.Length);
        for (int row = 0; row < rows.Length; row += rowBytes) rows.AsSpan(row, rowBytes).CopyTo(reversed.AsSpan(rows.Length - rowBytes - row));
        return reversed;
    }
}
