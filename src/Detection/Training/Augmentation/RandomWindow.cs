using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Training.Data;

namespace MaskRcnn.Detection.Training.Augmentation;

/// <summary>Where a square window of a scaled image lies.</summary>
/// <param name="side">The window's side.</param>
/// <param name="onObject">Probability that the window holds the centre of an object.</param>
/// <param name="keepShare">The share of an object that must be visible.</param>
/// <param name="fill">Red, green and blue beside the image; null for the image's own median.</param>
internal sealed class RandomWindow(int side, double onObject, double keepShare, byte[]? fill)
{
    /// <summary>Cuts a window from the sample scaled to a size.</summary>
    public TrainingSample Cut(TrainingSample sample, int scaledWidth, int scaledHeight, TrainingRandom random)
    {
        Box? target = random.NextBool(onObject) && sample.Instances.Count > 0 ? sample.Instances[random.Next(sample.Instances.Count)].Box : null;
        ResampleAxis columns = Axis(sample.Image.Width, scaledWidth, target is { } across ? (across.X1 + across.X2) / 2 : null, random);
        ResampleAxis rows = Axis(sample.Image.Height, scaledHeight, target is { } down ? (down.Y1 + down.Y2) / 2 : null, random);
        // The median is only looked for where some of it is to be seen.
        byte[] color = fill ?? (scaledWidth < side || scaledHeight < side ? MedianColor.Of(sample.Image) : [0, 0, 0]);
        return new SampleWindow(columns, rows, keepShare).Of(sample, color);
    }

    private ResampleAxis Axis(int source, int scaled, float? center, TrainingRandom random)
    {
        // From the start to the end of what is larger, image or window.
        int low = Math.Min(0, scaled - side), high = Math.Max(0, scaled - side);
        if (center is { } position && scaled > side)
        {
            int at = Math.Min((int)((double)position * scaled / source), scaled - 1);
            (low, high) = (Math.Max(low, at - side + 1), Math.Min(high, at));
        }
        return new ResampleAxis(source, scaled, low + random.Next(high - low + 1), side);
    }
}
