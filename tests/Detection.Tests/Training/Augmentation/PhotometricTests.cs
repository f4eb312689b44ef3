using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Training;
using MaskRcnn.Detection.Training.Augmentation;
using MaskRcnn.Detection.Training.Data;

namespace MaskRcnn.Detection.Tests.Training.Augmentation;

public sealed class PhotometricTests
{
    private static readonly TrainingSample Sample = new(1, Noise(40, 30, 3), PaintedSample.Create(4).Instances);

    [Fact]
    public void Without_settings_nothing_is_changed() =>
        Assert.Same(Sample, new PhotometricJitter(new AugmentationConfiguration()).Apply(Sample, TrainingRandom.Of(1)));

    [Fact]
    public void Objects_and_the_given_pixels_stay()
    {
        TrainingSample before = PaintedSample.Copy(Sample);
        AugmentationConfiguration all = new() { Brightness = 0.4, Contrast = 0.4, Saturation = 0.4, Hue = 0.1, Gamma = 0.5, Invert = 0.5, Grey = 0.2 };
        foreach (IAugmentation augmentation in (IAugmentation[])[new PhotometricJitter(all), new GaussianBlur(1, 2), new GaussianNoise(1, 20)])
        {
            TrainingSample changed = augmentation.Apply(Sample, TrainingRandom.Of(2));
            Assert.False(changed.Image.Pixels.AsSpan().SequenceEqual(Sample.Image.Pixels));
            Assert.Same(Sample.Instances, changed.Instances);
            PaintedSample.AssertSame(before, Sample);
            PaintedSample.AssertSame(changed, augmentation.Apply(Sample, TrainingRandom.Of(2)));
        }
    }

    [Fact]
    public void The_table_does_what_its_factors_say()
    {
        byte[] identity = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        Assert.Equal(identity, PhotometricJitter.Table(1, 0.3, 1, 1, negative: false));
        Assert.Equal(identity.Reverse(), PhotometricJitter.Table(1, 0.3, 1, 1, negative: true));
        Assert.Equal([.. identity.Select(v => (byte)Math.Min(255, v * 2))], PhotometricJitter.Table(1, 0.3, 2, 1, negative: false));
        byte[] contrast = PhotometricJitter.Table(0.5, 100 / 255.0, 1, 1, negative: false);
        Assert.Equal((50, 100, 150), (contrast[0], contrast[100], contrast[200]));
        byte[] gamma = PhotometricJitter.Table(1, 0, 1, 2, negative: false);
        Assert.Equal((0, 64, 255), (gamma[0], gamma[128], gamma[255]));
        Assert.All(PhotometricJitter.Table(0, 0.5, 1, 1, negative: false), value => Assert.Equal(128, value));
    }

    [Fact]
    public void Two_negatives_are_the_image()
    {
        PhotometricJitter negative = new(new AugmentationConfiguration { Invert = 1 });
        Assert.Equal(Sample.Image.Pixels, negative.Apply(negative.Apply(Sample, TrainingRandom.Of(1)), TrainingRandom.Of(2)).Image.Pixels);
    }

    [Fact]
    public void Without_saturation_an_image_is_its_luma()
    {
        RgbImage grey = new PhotometricJitter(new AugmentationConfiguration { Grey = 1 }).Apply(Sample, TrainingRandom.Of(1)).Image;
        for (int i = 0; i < grey.Pixels.Length; i += 3)
        {
            byte[] from = Sample.Image.Pixels;
            Assert.InRange(grey.Pixels[i] - (0.299 * from[i] + 0.587 * from[i + 1] + 0.114 * from[i + 2]), -1, 1);
            Assert.True(grey.Pixels[i] == grey.Pixels[i + 1] && grey.Pixels[i] == grey.Pixels[i + 2]);
        }
    }

    [Fact]
    public void Hue_and_saturation_leave_grey_as_it_is_and_a_whole_turn_leaves_all()
    {
        RgbImage grey = new(256, 1, [.. Enumerable.Range(0, 256 * 3).Select(i => (byte)(i / 3))]);
        for (double hue = -0.5; hue <= 0.5; hue += 0.05) Assert.Equal(grey.Pixels, ColorMatrix.Of(1.7, hue).Apply(grey).Pixels);
        byte[] turned = ColorMatrix.Of(1, 1).Apply(Sample.Image).Pixels;
        Assert.All(turned.Zip(Sample.Image.Pixels), pair => Assert.InRange(pair.First - pair.Second, -1, 1));
    }

    [Fact]
    public void A_third_of_the_colour_circle_brings_red_towards_green_or_blue_and_its_luma_stays()
    {
        RgbImage red = new(1, 1, [140, 90, 90]);
        foreach (double hue in (double[])[1.0 / 3, -1.0 / 3])
        {
            byte[] turned = ColorMatrix.Of(1, hue).Apply(red).Pixels;
            Assert.True(turned[0] < Math.Max(turned[1], turned[2]));
            Assert.InRange(0.299 * turned[0] + 0.587 * turned[1] + 0.114 * turned[2] - (0.299 * 140 + 0.701 * 90), -2, 2);
        }
    }

    [Fact]
    public void A_blur_is_a_sum_weighted_by_the_Gaussian()
    {
        RgbImage image = Noise(17, 11, 9), blurred = GaussianBlur.Blur(image, 1.3);
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                (double sum, double weights) = (0, 0);
                for (int dy = -4; dy <= 4; dy++)
                {
                    for (int dx = -4; dx <= 4; dx++)
                    {
                        double weight = Math.Exp(-(dx * dx + dy * dy) / (2 * 1.3 * 1.3));
                        sum += weight * image.Pixels[(Math.Clamp(y + dy, 0, image.Height - 1) * image.Width + Math.Clamp(x + dx, 0, image.Width - 1)) * 3 + 1];
                        weights += weight;
                    }
                }
                Assert.InRange(blurred.Pixels[(y * image.Width + x) * 3 + 1] - sum / weights, -0.51, 0.51);
            }
        }
    }

    [Fact]
    public void Noise_has_its_deviation_and_keeps_grey_grey()
    {
        RgbImage grey = new(300, 200, [.. Enumerable.Repeat((byte)128, 300 * 200 * 3)]);
        RgbImage noisy = GaussianNoise.Add(grey, 12, TrainingRandom.Of(1));
        double[] differences = [.. noisy.Pixels.Where((_, i) => i % 3 == 0).Select(v => v - 128.0)];
        Assert.InRange(differences.Average(), -0.3, 0.3);
        Assert.InRange(Math.Sqrt(differences.Average(d => d * d)), 11.5, 12.5);
        Assert.All(noisy.Pixels.Chunk(3), pixel => Assert.True(pixel[0] == pixel[1] && pixel[0] == pixel[2]));
        byte[] color = GaussianNoise.Add(new RgbImage(2, 1, [100, 100, 100, 90, 100, 110]), 40, TrainingRandom.Of(3)).Pixels;
        Assert.NotEqual(color[0], color[1]);
    }

    private static RgbImage Noise(int width, int height, int seed)
    {
        TrainingRandom random = TrainingRandom.Of(seed);
        return new RgbImage(width, height, [.. Enumerable.Range(0, width * height * 3).Select(_ => (byte)random.Next(256))]);
    }
}
