using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Training.Data;

namespace MaskRcnn.Detection.Training.Augmentation;

/// <summary>
/// Adds Gaussian noise, with a probability; its deviation is drawn from 0 up to a limit. A grey image stays grey: its
/// three channels get the same noise.
/// </summary>
internal sealed class GaussianNoise(double probability, double most) : IAugmentation
{
    private const int TableBits = 12;

    /// <summary>Draws of the normal distribution, each with its negative, so that their mean is 0; pixels take them at random.</summary>
    private static readonly double[] Normal = MakeTable();

    /// <inheritdoc/>
    public TrainingSample Apply(TrainingSample sample, TrainingRandom random) =>
        random.NextBool(probability) ? sample with { Image = Add(sample.Image, random.NextDouble(0, most), random) } : sample;

    /// <summary>The image with noise of a deviation in levels.</summary>
    public static RgbImage Add(RgbImage image, double sigma, TrainingRandom random)
    {
        int[] offsets = [.. Normal.Select(value => (int)Math.Round(value * sigma))];
        byte[] from = image.Pixels, to = GC.AllocateUninitializedArray<byte>(from.Length);
        bool grey = IsGrey(from);
        ulong bits = 0;
        int left = 0;
        for (int i = 0; i < to.Length; i++)
        {
            if (grey && i % 3 != 0)
            {
                to[i] = to[i - 1];
                continue;
            }
            if (left == 0) (bits, left) = (random.NextBits(), 64 / TableBits);
            to[i] = (byte)Math.Clamp(from[i] + offsets[bits & ((1 << TableBits) - 1)], 0, 255);
            bits >>= TableBits;
            left--;
        }
        return new RgbImage(image.Width, image.Height, to);
    }

    private static bool IsGrey(byte[] pixels)
    {
        for (int i = 0; i + 2 < pixels.Length; i += 3)
        {
            if (pixels[i] != pixels[i + 1] || pixels[i] != pixels[i + 2]) return false;
        }
        return true;
    }

    private static double[] MakeTable()
    {
        TrainingRandom random = TrainingRandom.Of(1);
        double[] table = new double[1 << TableBits];
        for (int i = 0; i < table.Length; i += 2)
        {
            table[i] = random.NextGaussian();
            table[i + 1] = -table[i];
        }
        return table;
    }
}
