using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Training.Data;

namespace MaskRcnn.Detection.Training.Augmentation;

/// <summary>
/// Changes saturation, hue, contrast, brightness and gamma, makes a negative or a grey image: first one matrix on a
/// pixel's colours, then one table for their values, however much is changed. Objects stay.
/// </summary>
internal sealed class PhotometricJitter(AugmentationConfiguration settings) : IAugmentation
{
    /// <inheritdoc/>
    public TrainingSample Apply(TrainingSample sample, TrainingRandom random)
    {
        double saturation = 1, hue = 0, contrast = 1, brightness = 1, gamma = 1;
        if (random.NextBool(settings.ColorProbability))
        {
            saturation = Factor(settings.Saturation);
            hue = random.NextDouble(-settings.Hue, settings.Hue);
            contrast = Factor(settings.Contrast);
            brightness = Factor(settings.Brightness);
            gamma = Math.Pow(1 + settings.Gamma, random.NextDouble(-1, 1));
        }
        if (random.NextBool(settings.Grey)) saturation = 0;
        bool negative = random.NextBool(settings.Invert);

        RgbImage image = sample.Image;
        if (saturation != 1 || hue != 0) image = ColorMatrix.Of(saturation, hue).Apply(image);
        if (contrast != 1 || brightness != 1 || gamma != 1 || negative)
        {
            // Of an empty change no mean is needed, and none is computed.
            byte[] table = Table(contrast, contrast == 1 ? 0 : MeanGrey(image), brightness, gamma, negative);
            image = Look(image, table);
        }
        return ReferenceEquals(image, sample.Image) ? sample : sample with { Image = image };

        double Factor(double range) => range == 0 ? 1 : random.NextDouble(1 - range, 1 + range);
    }

    /// <summary>What becomes of each value.</summary>
    public static byte[] Table(double contrast, double mean, double brightness, double gamma, bool negative)
    {
        byte[] table = new byte[256];
        for (int value = 0; value < table.Length; value++)
        {
            double changed = Math.Clamp(((value / 255.0 - mean) * contrast + mean) * brightness, 0, 1);
            changed = Math.Pow(changed, gamma);
            table[value] = (byte)Math.Round(255 * (negative ? 1 - changed : changed));
        }
        return table;
    }

    /// <summary>The mean of the image's luma, 0 to 1.</summary>
    private static double MeanGrey(RgbImage image)
    {
        long red = 0, green = 0, blue = 0;
        byte[] pixels = image.Pixels;
        for (int i = 0; i + 2 < pixels.Length; i += 3)
        {
            red += pixels[i];
            green += pixels[i + 1];
            blue += pixels[i + 2];
        }
        return (ColorMatrix.Red * red + ColorMatrix.Green * green + ColorMatrix.Blue * blue) / (255.0 * (pixels.Length / 3));
    }

    private static RgbImage Look(RgbImage image, byte[] table)
    {
        byte[] from = image.Pixels, to = GC.AllocateUninitializedArray<byte>(from.Length);
        for (int i = 0; i < to.Length; i++) to[i] = table[from[i]];
        return new RgbImage(image.Width, image.Height, to);
    }
}
