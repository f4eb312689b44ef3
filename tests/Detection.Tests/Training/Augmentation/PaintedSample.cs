using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Training;
using MaskRcnn.Detection.Training.Data;

namespace MaskRcnn.Detection.Tests.Training.Augmentation;

/// <summary>Samples whose objects are each painted with a colour of their own, which their label gives; so the pixels say where an object is.</summary>
internal static class PaintedSample
{
    /// <summary>A sample with up to 8 objects: discs and ragged shapes, that do not overlap; each has a mask, and keypoints at centres of its pixels.</summary>
    /// <param name="seed">Another seed, another sample.</param>
    /// <param name="firstLabel">The first object's label.</param>
    /// <param name="discsOnly">Whether there are no ragged shapes.</param>
    public static TrainingSample Create(int seed, int firstLabel = 1, bool discsOnly = false)
    {
        TrainingRandom random = TrainingRandom.Of(seed, 77);
        (int width, int height) = (20 + random.Next(60), 20 + random.Next(60));
        int[] owner = new int[width * height];
        for (int label = firstLabel; label < firstLabel + 8; label++)
        {
            (double cx, double cy, double radius) = (random.NextDouble(0, width), random.NextDouble(0, height), random.NextDouble(1, 14));
            bool ragged = !discsOnly && random.NextBool(0.5);
            for (int i = 0; i < owner.Length; i++)
            {
                (double dx, double dy) = (i % width + 0.5 - cx, i / width + 0.5 - cy);
                if (dx * dx + dy * dy < radius * radius && !(ragged && random.NextBool(0.4))) owner[i] = label;
            }
        }
        byte[] pixels = new byte[owner.Length * 3];
        for (int i = 0; i < owner.Length; i++) Color(owner[i]).CopyTo(pixels.AsSpan(i * 3));
        List<TrainingInstance> instances = [];
        for (int label = firstLabel; label < firstLabel + 8; label++)
        {
            int[] own = [.. Enumerable.Range(0, owner.Length).Where(i => owner[i] == label)];
            if (own.Length == 0) continue;
            Keypoint[] keypoints = [.. Enumerable.Range(0, 5).Select(k => k == 2 ? default : At(own[random.Next(own.Length)], 1 + k % 2))];
            instances.Add(TrainingInstance.Of(label, InstanceMask.Of(0, 0, width, height, [.. owner.Select(o => (byte)(o == label ? 1 : 0))])!) with { Keypoints = keypoints });
        }
        return new TrainingSample(seed, new RgbImage(width, height, pixels), instances);

        Keypoint At(int pixel, int visibility) => new(pixel % width + 0.5f, pixel / width + 0.5f, visibility);
    }

    /// <summary>A label's colour; 0 is the background.</summary>
    public static byte[] Color(int label) => [(byte)(label * 13), (byte)(255 - label * 11), (byte)(label * 83)];

    /// <summary>Whether a pixel has the colour of a label.</summary>
    public static bool Has(RgbImage image, int x, int y, int label) => image.Pixels.AsSpan((y * image.Width + x) * 3, 3).SequenceEqual(Color(label));

    /// <summary>What holds after every augmentation: no object is empty or beyond the image, and a box is its mask's extents.</summary>
    public static void AssertSound(TrainingSample sample)
    {
        foreach (TrainingInstance instance in sample.Instances)
        {
            Box box = instance.Box;
            Assert.True(box.X1 >= 0 && box.Y1 >= 0 && box.X2 <= sample.Image.Width && box.Y2 <= sample.Image.Height, $"{box} of {sample.Image.Width}×{sample.Image.Height}");
            Assert.True(box.X2 > box.X1 && box.Y2 > box.Y1, $"{box}");
            if (instance.Mask is not { } mask) continue;
            Assert.Equal(mask.Bits.Sum(bit => bit), mask.Area);
            Assert.All(mask.Bits, bit => Assert.InRange(bit, 0, 1));
            int[] on = [.. Enumerable.Range(0, mask.Bits.Length).Where(i => mask.Bits[i] == 1)];
            Assert.Equal(
                new Box(mask.X + on.Min(i => i % mask.Width), mask.Y + on.Min(i => i / mask.Width), mask.X + on.Max(i => i % mask.Width) + 1, mask.Y + on.Max(i => i / mask.Width) + 1),
                box);
        }
        Assert.All(sample.Instances.SelectMany(i => i.Keypoints ?? []).Where(k => k.Visibility == 0), keypoint => Assert.Equal(default, keypoint));
    }

    /// <summary>For what moves whole pixels: each mask is exactly the pixels of its colour, and keypoints lie on it.</summary>
    public static void AssertMasksAreColors(TrainingSample sample)
    {
        AssertSound(sample);
        foreach (TrainingInstance instance in sample.Instances)
        {
            for (int y = 0; y < sample.Image.Height; y++)
            {
                for (int x = 0; x < sample.Image.Width; x++) Assert.Equal(Has(sample.Image, x, y, instance.Label), instance.Mask!.Has(x, y));
            }
            foreach (Keypoint keypoint in instance.Keypoints!.Where(k => k.Visibility > 0)) Assert.True(instance.Mask!.Has((int)keypoint.X, (int)keypoint.Y), $"{keypoint}");
        }
    }

    /// <summary>Equal to the last bit.</summary>
    public static void AssertSame(TrainingSample expected, TrainingSample actual)
    {
        Assert.Equal((expected.ImageId, expected.Image.Width, expected.Image.Height), (actual.ImageId, actual.Image.Width, actual.Image.Height));
        Assert.True(expected.Image.Pixels.AsSpan().SequenceEqual(actual.Image.Pixels));
        Assert.Equal(expected.Instances.Count, actual.Instances.Count);
        foreach ((TrainingInstance e, TrainingInstance a) in expected.Instances.Zip(actual.Instances))
        {
            Assert.Equal((e.Label, e.Box), (a.Label, a.Box));
            Assert.Equal(e.Keypoints, a.Keypoints);
            Assert.Equal((e.Mask?.X, e.Mask?.Y, e.Mask?.Width), (a.Mask?.X, a.Mask?.Y, a.Mask?.Width));
            Assert.Equal(e.Mask?.Bits, a.Mask?.Bits);
        }
    }

    /// <summary>A copy to compare with later: augmentations must not change what they are given.</summary>
    public static TrainingSample Copy(TrainingSample sample) => sample with
    {
        Image = new RgbImage(sample.Image.Width, sample.Image.Height, [.. sample.Image.Pixels]),
        Instances = [.. sample.Instances.Select(i => i with
        {
            Mask = i.Mask is { } mask ? InstanceMask.Of(mask.X, mask.Y, mask.Width, mask.Height, mask.Bits) : null,
            Keypoints = i.Keypoints is null ? null : [.. i.Keypoints],
        })],
    };

    /// <summary>The same objects without masks, with boxes at quarters of a pixel.</summary>
    public static TrainingSample WithBoxesOnly(TrainingSample sample) => sample with
    {
        Instances = [.. sample.Instances.Select(i => i with { Mask = null, Box = new Box(i.Box.X1 + 0.25f, i.Box.Y1 + 0.25f, i.Box.X2 - 0.25f, i.Box.Y2 - 0.25f) })],
    };
}
