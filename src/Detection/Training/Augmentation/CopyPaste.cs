using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Training.Data;

namespace MaskRcnn.Detection.Training.Augmentation;

/// <summary>
/// Copy-paste (Ghiasi et al. 2021): objects of another sample, drawn at random, are put where they are there. Objects
/// beneath lose the pixels, and are dropped with less than a share of them left; their visible keypoints become hidden.
/// Only objects with masks are pasted. An object without a mask keeps its box, or is dropped by the share of the box.
/// </summary>
/// <param name="probability">How often.</param>
/// <param name="most">Most objects that are pasted.</param>
/// <param name="keepShare">The share of an object that must be left.</param>
/// <param name="other">Gives the other sample; all its choices come from the given generator.</param>
internal sealed class CopyPaste(double probability, int most, double keepShare, Func<TrainingRandom, TrainingSample> other) : IAugmentation
{
    /// <inheritdoc/>
    public TrainingSample Apply(TrainingSample sample, TrainingRandom random) => random.NextBool(probability) ? Paste(sample, other(random), random) : sample;

    /// <summary>Pastes some of another sample's objects.</summary>
    public TrainingSample Paste(TrainingSample sample, TrainingSample from, TrainingRandom random)
    {
        TrainingInstance[] fitting = [.. from.Instances.Select(instance => Cut(instance, sample.Image)).OfType<TrainingInstance>()];
        if (fitting.Length == 0) return sample;
        int count = 1 + random.Next(Math.Min(most, fitting.Length));
        int[] chosen = random.Permutation(fitting.Length)[..count];
        Array.Sort(chosen);

        RgbImage image = new(sample.Image.Width, sample.Image.Height, [.. sample.Image.Pixels]);
        byte[] covered = new byte[image.Width * image.Height];
        foreach (int index in chosen) Draw(fitting[index].Mask!, from.Image, image, covered);
        List<TrainingInstance> instances = [];
        foreach (TrainingInstance instance in sample.Instances)
        {
            if (Beneath(instance, covered, image.Width) is { } left) instances.Add(left);
        }
        instances.AddRange(chosen.Select(index => fitting[index]));
        return sample with { Image = image, Instances = instances };
    }

    /// <summary>The part of a pasted object that the image has room for; null when that is too little.</summary>
    private TrainingInstance? Cut(TrainingInstance instance, RgbImage image)
    {
        if (instance.Mask is not { } mask) return null;
        if (mask.X + mask.Width <= image.Width && mask.Y + mask.Height <= image.Height) return instance;
        long area = mask.AreaWithin(0, 0, image.Width, image.Height);
        if (area == 0 || area < keepShare * mask.Area) return null;
        (int width, int height) = (Math.Min(mask.Width, image.Width - mask.X), Math.Min(mask.Height, image.Height - mask.Y));
        byte[] bits = new byte[width * height];
        for (int row = 0; row < height; row++) mask.Bits.AsSpan(row * mask.Width, width).CopyTo(bits.AsSpan(row * width));
        InstanceMask cut = InstanceMask.Of(mask.X, mask.Y, width, height, bits)!;
        return instance with
        {
            Mask = cut,
            Box = cut.Extents,
            Keypoints = instance.Keypoints is null ? null : [.. instance.Keypoints.Select(k => k.X <= image.Width && k.Y <= image.Height ? k : default)],
        };
    }

    private static void Draw(InstanceMask mask, RgbImage from, RgbImage to, byte[] covered)
    {
        for (int row = 0; row < mask.Height; row++)
        {
            int source = (mask.Y + row) * from.Width + mask.X, target = (mask.Y + row) * to.Width + mask.X;
            for (int column = 0; column < mask.Width; column++)
            {
                if (mask.Bits[row * mask.Width + column] == 0) continue;
                from.Pixels.AsSpan((source + column) * 3, 3).CopyTo(to.Pixels.AsSpan((target + column) * 3));
                covered[target + column] = 1;
            }
        }
    }

    /// <summary>What is left of an object; null when that is too little.</summary>
    private TrainingInstance? Beneath(TrainingInstance instance, byte[] covered, int width)
    {
        TrainingInstance? left = instance.Mask is { } mask ? MaskBeneath(instance, mask, covered, width) : BoxBeneath(instance, covered, width);
        if (left?.Keypoints is not { } keypoints) return left;
        int height = covered.Length / width;
        return left with { Keypoints = [.. keypoints.Select(k => k.Visibility == 2 && IsCovered(k) ? k with { Visibility = 1 } : k)] };

        bool IsCovered(Keypoint keypoint) => covered[Math.Clamp((int)keypoint.Y, 0, height - 1) * width + Math.Clamp((int)keypoint.X, 0, width - 1)] != 0;
    }

    private TrainingInstance? MaskBeneath(TrainingInstance instance, InstanceMask mask, byte[] covered, int width)
    {
        byte[] bits = [.. mask.Bits];
        long left = 0;
        for (int row = 0, at = 0; row < mask.Height; row++)
        {
            foreach (byte above in covered.AsSpan((mask.Y + row) * width + mask.X, mask.Width))
            {
                bits[at] = (byte)(bits[at] & ~above);
                left += bits[at++];
            }
        }
        if (left == mask.Area) return instance;
        if (left == 0 || left < keepShare * mask.Area) return null;
        InstanceMask rest = InstanceMask.Of(mask.X, mask.Y, mask.Width, mask.Height, bits)!;
        return instance with { Mask = rest, Box = rest.Extents };
    }

    private TrainingInstance? BoxBeneath(TrainingInstance instance, byte[] covered, int width)
    {
        int height = covered.Length / width;
        int left = Math.Max((int)instance.Box.X1, 0), right = Math.Min((int)Math.Ceiling(instance.Box.X2), width);
        int top = Math.Max((int)instance.Box.Y1, 0), bottom = Math.Min((int)Math.Ceiling(instance.Box.Y2), height);
        long pixels = 0, free = 0;
        for (int row = top; row < bottom; row++)
        {
            foreach (byte above in covered.AsSpan(row * width + left, right - left))
            {
                pixels++;
                free += 1 - above;
            }
        }
        return free > 0 && free >= keepShare * pixels ? instance : null;
    }
}
