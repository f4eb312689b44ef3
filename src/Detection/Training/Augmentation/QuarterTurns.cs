using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Training.Data;

namespace MaskRcnn.Detection.Training.Augmentation;

/// <summary>With a probability, turns by 0 to 3 quarters, each equally likely.</summary>
internal sealed class QuarterTurns(double probability) : IAugmentation
{
    /// <inheritdoc/>
    public TrainingSample Apply(TrainingSample sample, TrainingRandom random) => random.NextBool(probability) ? Turn(sample, random.Next(4)) : sample;

    /// <summary>The sample turned clockwise; four quarters give the sample again.</summary>
    public static TrainingSample Turn(TrainingSample sample, int quarters)
    {
        for (int i = 0; i < quarters; i++) sample = Turn(sample);
        return sample;
    }

    /// <summary>A quarter clockwise: what is at (x, y) comes to (height − y, x).</summary>
    private static TrainingSample Turn(TrainingSample sample)
    {
        RgbImage image = sample.Image;
        return sample with
        {
            Image = new RgbImage(image.Height, image.Width, Turned(image.Pixels, image.Width, image.Height, 3)),
            Instances = [.. sample.Instances.Select(instance => Turn(instance, image.Height))],
        };
    }

    private static TrainingInstance Turn(TrainingInstance instance, int height) => instance with
    {
        Box = new Box(height - instance.Box.Y2, instance.Box.X1, height - instance.Box.Y1, instance.Box.X2),
        Mask = instance.Mask is { } mask
            ? InstanceMask.FromTrusted(height - mask.Y - mask.Height, mask.X, mask.Height, mask.Width, Turned(mask.Bits, mask.Width, mask.Height, 1))
            : null,
        Keypoints = instance.Keypoints is null ? null : [.. instance.Keypoints.Select(k => k.Visibility > 0 ? k with { X = height - k.Y, Y = k.X } : k)],
    };

    private static byte[] Turned(byte[] from, int width, int height, int channels)
    {
        byte[] to = GC.AllocateUninitializedArray<byte>(from.Length);
        for (int y = 0, source = 0; y < height; y++)
        {
            for (int x = 0, target = (height - 1 - y) * channels; x < width; x++, target += height * channels)
            {
                for (int channel = 0; channel < channels; channel++) to[target + channel] = from[source++];
            }
        }
        return to;
    }
}
