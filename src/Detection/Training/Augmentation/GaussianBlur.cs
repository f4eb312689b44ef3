using System.Buffers;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Training.Data;

namespace MaskRcnn.Detection.Training.Augmentation;

/// <summary>Blurs with a Gaussian, with a probability; the deviation is drawn from 0.1 up to a limit. Border pixels are repeated.</summary>
internal sealed class GaussianBlur(double probability, double most) : IAugmentation
{
    private const double Least = 0.1;
    private const int Channels = 3;

    /// <inheritdoc/>
    public TrainingSample Apply(TrainingSample sample, TrainingRandom random) =>
        random.NextBool(probability) ? sample with { Image = Blur(sample.Image, random.NextDouble(Least, most)) } : sample;

    /// <summary>The blurred image.</summary>
    public static RgbImage Blur(RgbImage image, double sigma)
    {
        float[] kernel = Kernel(sigma);
        int radius = kernel.Length / 2, length = image.Width * Channels;
        byte[] pixels = GC.AllocateUninitializedArray<byte>(image.Pixels.Length);
        float[] across = ArrayPool<float>.Shared.Rent(image.Height * length);
        float[] padded = ArrayPool<float>.Shared.Rent(length + 2 * radius * Channels), sum = ArrayPool<float>.Shared.Rent(length);
        try
        {
            for (int row = 0; row < image.Height; row++)
            {
                Pad(image.Pixels.AsSpan(row * length, length), radius, padded);
                Span<float> target = across.AsSpan(row * length, length);
                target.Clear();
                for (int tap = 0; tap < kernel.Length; tap++) RowSum.AddScaled(padded.AsSpan(tap * Channels, length), kernel[tap], target);
            }
            for (int row = 0; row < image.Height; row++)
            {
                Span<float> total = sum.AsSpan(0, length);
                // Half a level, so that cutting the fraction off rounds.
                total.Fill(0.5f);
                for (int tap = 0; tap < kernel.Length; tap++)
                    RowSum.AddScaled(across.AsSpan(Math.Clamp(row + tap - radius, 0, image.Height - 1) * length, length), kernel[tap], total);
                Span<byte> target = pixels.AsSpan(row * length, length);
                for (int i = 0; i < target.Length; i++) target[i] = (byte)(int)total[i];
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(across);
            ArrayPool<float>.Shared.Return(padded);
            ArrayPool<float>.Shared.Return(sum);
        }
        return new RgbImage(image.Width, image.Height, pixels);
    }

    private static float[] Kernel(double sigma)
    {
        int radius = Math.Max(1, (int)Math.Ceiling(3 * sigma));
        double[] weights = [.. Enumerable.Range(-radius, 2 * radius + 1).Select(x => Math.Exp(-x * x / (2 * sigma * sigma)))];
        double sum = weights.Sum();
        return [.. weights.Select(weight => (float)(weight / sum))];
    }

    private static void Pad(ReadOnlySpan<byte> row, int radius, float[] padded)
    {
        int to = 0;
        for (int i = 0; i < radius * Channels; i++) padded[to++] = row[i % Channels];
        foreach (byte value in row) padded[to++] = value;
        for (int i = 0; i < radius * Channels; i++) padded[to++] = row[row.Length - Channels + i % Channels];
    }
}
