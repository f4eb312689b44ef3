using CsCheck;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Training;
using MaskRcnn.Detection.Training.Augmentation;
using MaskRcnn.Detection.Training.Data;

namespace MaskRcnn.Detection.Tests.Training.Augmentation;

public sealed class WindowTests
{
    private static readonly byte[] Fill = [1, 2, 3];

    private static readonly Gen<(int Seed, AugmentationConfiguration Settings)> Cases =
        from seed in Gen.Int[0, 100_000]
        from crop in Gen.Int[1, 90]
        from low in Gen.Double[0.15, 1.5]
        from span in Gen.Double[1, 2.5]
        from keep in Gen.Int[0, 3].Select(i => ((double[])[0, 0.1, 0.5, 1])[i])
        from onObject in Gen.Bool.Select(centred => centred ? 1.0 : 0)
        select (seed, new AugmentationConfiguration { Crop = crop, ScaleLow = low, ScaleHigh = low * span, KeepShare = keep, CropOnObject = onObject });

    [Fact]
    public void A_crop_moves_whole_pixels_with_their_masks_and_keypoints() => Cases.Sample(c =>
    {
        TrainingSample sample = PaintedSample.Create(c.Seed), before = PaintedSample.Copy(sample);
        TrainingSample cut = new RandomCrop(c.Settings, Fill).Apply(sample, TrainingRandom.Of(c.Seed));
        Assert.Equal((c.Settings.Crop, c.Settings.Crop), (cut.Image.Width, cut.Image.Height));
        PaintedSample.AssertMasksAreColors(cut);
        PaintedSample.AssertSame(before, sample);
        foreach (TrainingInstance whole in sample.Instances)
        {
            long visible = Enumerable.Range(0, c.Settings.Crop * c.Settings.Crop).Count(i => PaintedSample.Has(cut.Image, i % c.Settings.Crop, i / c.Settings.Crop, whole.Label));
            // Kept exactly when enough of it is to be seen.
            Assert.Equal(visible > 0 && visible >= c.Settings.KeepShare * whole.Mask!.Area, cut.Instances.Any(i => i.Label == whole.Label));
        }
    }, iter: 60);

    [Fact]
    public void A_scaled_window_has_the_pixels_of_a_plain_resampling() => Cases.Sample(c =>
    {
        TrainingSample sample = PaintedSample.Create(c.Seed);
        (ResampleAxis columns, ResampleAxis rows) = Axes(sample, c.Seed, c.Settings);
        RgbImage image = WindowResampler.Resample(sample.Image, columns, rows, Fill);
        for (int y = 0; y < rows.Length; y++)
        {
            for (int x = 0; x < columns.Length; x++)
            {
                for (int channel = 0; channel < 3; channel++)
                    Assert.InRange(image.Pixels[(y * columns.Length + x) * 3 + channel] - Expected(sample.Image, columns, rows, x, y, channel), -0.502, 0.502);
            }
        }
    }, iter: 40);

    [Fact]
    public void Masks_of_a_scaled_window_are_the_objects_at_its_pixels_centres() => Cases.Sample(c =>
    {
        TrainingSample sample = PaintedSample.Create(c.Seed), before = PaintedSample.Copy(sample);
        (ResampleAxis columns, ResampleAxis rows) = Axes(sample, c.Seed, c.Settings);
        TrainingSample cut = new SampleWindow(columns, rows, c.Settings.KeepShare).Of(sample, Fill);
        PaintedSample.AssertSound(cut);
        PaintedSample.AssertSame(before, sample);
        foreach (TrainingInstance instance in cut.Instances)
        {
            InstanceMask whole = sample.Instances.Single(i => i.Label == instance.Label).Mask!;
            for (int y = 0; y < rows.Length; y++)
            {
                for (int x = 0; x < columns.Length; x++)
                {
                    int sourceX = (int)Math.Floor((x + 0.5 + columns.Offset) * columns.Source / columns.Scaled), sourceY = (int)Math.Floor((y + 0.5 + rows.Offset) * rows.Source / rows.Scaled);
                    Assert.Equal(whole.Has(sourceX, sourceY), instance.Mask!.Has(x, y));
                }
            }
        }
    }, iter: 40);

    [Fact]
    public void Within_a_scaled_object_the_pixels_have_its_colour_and_its_keypoints_are_on_it() => Cases.Sample(c =>
    {
        TrainingSample sample = PaintedSample.Create(c.Seed, discsOnly: true);
        TrainingSample cut = new ScaleJitterCrop(c.Settings with { ScaleLow = 0.5, ScaleHigh = 2.5 }, Fill).Apply(sample, TrainingRandom.Of(c.Seed));
        PaintedSample.AssertSound(cut);
        foreach (TrainingInstance instance in cut.Instances)
        {
            InstanceMask mask = instance.Mask!;
            for (int y = mask.Y; y < mask.Y + mask.Height; y++)
            {
                for (int x = mask.X; x < mask.X + mask.Width; x++)
                {
                    // What interpolation mixes is at the border.
                    bool inside = Enumerable.Range(-3, 7).All(dy => Enumerable.Range(-3, 7).All(dx => mask.Has(x + dx, y + dy)));
                    if (inside) Assert.True(PaintedSample.Has(cut.Image, x, y, instance.Label), $"({x}, {y}) of {instance.Label}");
                }
            }
            TrainingInstance before = sample.Instances.Single(i => i.Label == instance.Label);
            Assert.All(instance.Keypoints!.Zip(before.Keypoints!).Where(k => k.First.Visibility > 0), k => Assert.Equal(k.Second.Visibility, k.First.Visibility));
            // A keypoint within the object stays there; a thin piece can fall between the pixels of a smaller image.
            foreach ((Keypoint now, Keypoint then) in instance.Keypoints!.Zip(before.Keypoints!).Where(k => k.First.Visibility > 0))
            {
                bool inside = Enumerable.Range(-3, 7).All(dy => Enumerable.Range(-3, 7).All(dx => before.Mask!.Has((int)then.X + dx, (int)then.Y + dy)));
                if (inside) Assert.True(mask.Has(Math.Min((int)now.X, cut.Image.Width - 1), Math.Min((int)now.Y, cut.Image.Height - 1)), $"{now}");
            }
        }
    }, iter: 60);

    [Fact]
    public void Boxes_without_masks_are_scaled_and_cut() => Cases.Sample(c =>
    {
        TrainingSample sample = PaintedSample.WithBoxesOnly(PaintedSample.Create(c.Seed));
        (ResampleAxis columns, ResampleAxis rows) = Axes(sample, c.Seed, c.Settings);
        TrainingSample cut = new SampleWindow(columns, rows, c.Settings.KeepShare).Of(sample, Fill);
        PaintedSample.AssertSound(cut);
        foreach (TrainingInstance instance in sample.Instances)
        {
            double X(float x) => (double)x * columns.Scaled / columns.Source - columns.Offset;
            double Y(float y) => (double)y * rows.Scaled / rows.Source - rows.Offset;
            (double x1, double y1, double x2, double y2) = (X(instance.Box.X1), Y(instance.Box.Y1), X(instance.Box.X2), Y(instance.Box.Y2));
            double share = Math.Max(0, Math.Min(x2, columns.To) - Math.Max(x1, columns.From)) * Math.Max(0, Math.Min(y2, rows.To) - Math.Max(y1, rows.From)) / ((x2 - x1) * (y2 - y1));
            TrainingInstance? found = cut.Instances.SingleOrDefault(i => i.Label == instance.Label);
            if (found is null)
            {
                bool thin = Math.Min(x2, columns.To) - Math.Max(x1, columns.From) < 1.001 || Math.Min(y2, rows.To) - Math.Max(y1, rows.From) < 1.001;
                Assert.True(thin || share < c.Settings.KeepShare + 1e-4);
                continue;
            }
            Assert.True(share > c.Settings.KeepShare - 1e-4);
            Assert.Equal(Math.Max(x1, columns.From), found.Box.X1, 1e-3);
            Assert.Equal(Math.Min(y2, rows.To), found.Box.Y2, 1e-3);
        }
    }, iter: 60);

    [Fact]
    public void A_keypoint_that_is_cut_away_is_no_longer_labelled()
    {
        TrainingSample sample = PaintedSample.Create(1) with { Instances = [new TrainingInstance(1, new Box(0, 0, 20, 20)) { Keypoints = [new(4, 4, 2), new(12, 4, 2), new(4, 12, 1), new(10, 10, 1)] }] };
        TrainingSample cut = new SampleWindow(new ResampleAxis(sample.Image.Width, sample.Image.Width, 0, 10), new ResampleAxis(sample.Image.Height, sample.Image.Height, 0, 10), 0).Of(sample, Fill);
        Assert.Equal([new Keypoint(4, 4, 2), default, default, new Keypoint(10, 10, 1)], cut.Instances[0].Keypoints!);
    }

    [Fact]
    public void Beside_a_smaller_image_there_is_the_fill_colour()
    {
        TrainingSample sample = PaintedSample.Create(2);
        TrainingSample cut = new RandomCrop(new AugmentationConfiguration { Crop = 100, KeepShare = 1 }, Fill).Apply(sample, TrainingRandom.Of(4));
        Assert.Equal(sample.Instances.Count, cut.Instances.Count);
        int filled = Enumerable.Range(0, 100 * 100).Count(i => cut.Image.Pixels.AsSpan(i * 3, 3).SequenceEqual(Fill));
        Assert.Equal(100 * 100 - sample.Image.Width * sample.Image.Height, filled);
    }

    [Fact]
    public void The_fill_can_be_the_images_own_median() => Gen.Int[0, 100_000].Sample(seed =>
    {
        TrainingSample sample = PaintedSample.Create(seed);
        byte[] expected = [.. Enumerable.Range(0, 3).Select(channel => sample.Image.Pixels.Where((_, i) => i % 3 == channel).Order().ElementAt((sample.Image.Pixels.Length / 3 - 1) / 2))];
        Assert.Equal(expected, MedianColor.Of(sample.Image));
        TrainingSample cut = new RandomCrop(new AugmentationConfiguration { Crop = 100 }, fill: null).Apply(sample, TrainingRandom.Of(seed));
        Assert.True(Enumerable.Range(0, 100 * 100).Count(i => cut.Image.Pixels.AsSpan(i * 3, 3).SequenceEqual(expected)) >= 100 * 100 - sample.Image.Width * sample.Image.Height);
    }, iter: 10);

    [Fact]
    public void A_window_on_an_object_holds_some_objects_centre_and_others_lie_anywhere()
    {
        TrainingSample sample = PaintedSample.Create(8);
        int[] empty = [.. ((double[])[0, 1]).Select(onObject => Enumerable.Range(0, 300).Count(i =>
            new RandomCrop(new AugmentationConfiguration { Crop = 6, CropOnObject = onObject, KeepShare = 0 }, Fill).Apply(sample with { Instances = [sample.Instances[0]] }, TrainingRandom.Of(i)).Instances.Count == 0))];
        Assert.True(empty[0] > 100, $"{empty[0]}");
        Assert.True(empty[1] < 10, $"{empty[1]}");
    }

    [Fact]
    public void The_shorter_side_is_scaled_to_a_length_and_the_factor_is_log_uniform()
    {
        RgbImage image = new(200, 100, new byte[200 * 100 * 3]);
        TrainingSample sample = new(1, image, [new TrainingInstance(1, new Box(0, 0, 200, 100))]);
        AugmentationConfiguration settings = new() { Crop = 2000, ShorterSide = 50, ScaleLow = 0.5, ScaleHigh = 2, KeepShare = 0 };
        double[] factors = [.. Enumerable.Range(0, 2000).Select(i => new ScaleJitterCrop(settings with { Crop = 200 }, Fill)).Select((crop, i) =>
        {
            TrainingInstance instance = crop.Apply(sample, TrainingRandom.Of(i)).Instances[0];
            return (instance.Box.Y2 - instance.Box.Y1) / 50.0;
        })];
        Assert.All(factors, factor => Assert.InRange(factor, 0.5, 2));
        Assert.InRange(factors.Count(factor => factor < 1), 900, 1100);
        Assert.InRange(factors.Count(factor => factor < Math.Sqrt(0.5)), 430, 570);
    }

    private static (ResampleAxis Columns, ResampleAxis Rows) Axes(TrainingSample sample, int seed, AugmentationConfiguration settings)
    {
        TrainingRandom random = TrainingRandom.Of(seed, 5);
        double scale = random.NextDouble(settings.ScaleLow, settings.ScaleHigh);
        return (Axis(sample.Image.Width), Axis(sample.Image.Height));

        ResampleAxis Axis(int source)
        {
            int scaled = Math.Max(1, (int)Math.Round(source * scale)), room = Math.Abs(scaled - settings.Crop);
            return new ResampleAxis(source, scaled, random.Next(room + 1) - (scaled < settings.Crop ? room : 0), settings.Crop);
        }
    }

    /// <summary>The value of a window's pixel, in the plainest way: a weighted sum over all of the image.</summary>
    private static double Expected(RgbImage image, ResampleAxis columns, ResampleAxis rows, int x, int y, int channel)
    {
        if (x + columns.Offset < 0 || x + columns.Offset >= columns.Scaled || y + rows.Offset < 0 || y + rows.Offset >= rows.Scaled) return Fill[channel];
        double sum = 0;
        for (int sourceY = 0; sourceY < image.Height; sourceY++)
        {
            double down = Weight(rows, y, sourceY);
            for (int sourceX = 0; down > 0 && sourceX < image.Width; sourceX++) sum += down * Weight(columns, x, sourceX) * image.Pixels[(sourceY * image.Width + sourceX) * 3 + channel];
        }
        return sum;

        static double Weight(ResampleAxis axis, int target, int source)
        {
            double ratio = (double)axis.Source / axis.Scaled, left = (target + axis.Offset) * ratio;
            if (ratio > 1.5) return Math.Max(0, Math.Min(left + ratio, source + 1) - Math.Max(left, source)) / ratio;
            double center = Math.Clamp(left + ratio / 2 - 0.5, 0, axis.Source - 1);
            return Math.Max(0, 1 - Math.Abs(center - source));
        }
    }
}
