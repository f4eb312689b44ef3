using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Training.Data;

namespace MaskRcnn.Detection.Training.Augmentation;

/// <summary>
/// A window of a scaled sample. Pixels are resampled once, and for the window only. A mask takes for each pixel of the
/// window the image's pixel at its centre. An object that the window cuts keeps its visible part, if that is at least a
/// given share of the object's pixels (without a mask: of its box's area); otherwise it is dropped. Objects that become
/// smaller than a pixel are dropped too.
/// </summary>
internal sealed class SampleWindow
{
    private readonly ResampleAxis _columns;
    private readonly ResampleAxis _rows;
    private readonly double _keepShare;

    /// <param name="columns">The horizontal axis.</param>
    /// <param name="rows">The vertical axis.</param>
    /// <param name="keepShare">The share of an object that must be visible.</param>
    public SampleWindow(ResampleAxis columns, ResampleAxis rows, double keepShare)
    {
        _columns = columns;
        _rows = rows;
        _keepShare = keepShare;
    }

    /// <summary>What the window shows.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="fill">Red, green and blue beside the image.</param>
    public TrainingSample Of(TrainingSample sample, ReadOnlySpan<byte> fill)
    {
        List<TrainingInstance> instances = [];
        foreach (TrainingInstance instance in sample.Instances)
        {
            if (Map(instance) is { } mapped) instances.Add(mapped);
        }
        return sample with { Image = WindowResampler.Resample(sample.Image, _columns, _rows, fill), Instances = instances };
    }

    private TrainingInstance? Map(TrainingInstance instance)
    {
        TrainingInstance? mapped = instance.Mask is { } mask ? WithMask(instance, mask) : WithBox(instance);
        return mapped is null || instance.Keypoints is null ? mapped : mapped with { Keypoints = [.. instance.Keypoints.Select(Map)] };
    }

    private TrainingInstance? WithMask(TrainingInstance instance, InstanceMask mask)
    {
        (int left, int right) = _columns.Range(mask.X, mask.X + mask.Width);
        (int top, int bottom) = _rows.Range(mask.Y, mask.Y + mask.Height);
        if (left >= right || top >= bottom) return null;
        ((int, int) x, (int, int) y) = (_columns.Visible, _rows.Visible);
        if (mask.AreaWithin(x.Item1, y.Item1, x.Item2, y.Item2) < _keepShare * mask.Area) return null;
        byte[] bits = GC.AllocateUninitializedArray<byte>((right - left) * (bottom - top));
        ReadOnlySpan<int> columns = _columns.Nearest.AsSpan(left, right - left);
        for (int row = top, to = 0; row < bottom; row++)
        {
            ReadOnlySpan<byte> source = mask.Bits.AsSpan((_rows.Nearest[row] - mask.Y) * mask.Width, mask.Width);
            foreach (int column in columns) bits[to++] = source[column - mask.X];
        }
        return InstanceMask.Of(left, top, right - left, bottom - top, bits) is { } cut ? instance with { Mask = cut, Box = cut.Extents } : null;
    }

    private TrainingInstance? WithBox(TrainingInstance instance)
    {
        Box box = instance.Box;
        (float x1, float y1, float x2, float y2) = (_columns.Map(box.X1), _rows.Map(box.Y1), _columns.Map(box.X2), _rows.Map(box.Y2));
        Box cut = new(Math.Max(x1, _columns.From), Math.Max(y1, _rows.From), Math.Min(x2, _columns.To), Math.Min(y2, _rows.To));
        bool shrunk = _columns.Scaled < _columns.Source || _rows.Scaled < _rows.Source || cut != new Box(x1, y1, x2, y2);
        (float width, float height, float least) = (cut.X2 - cut.X1, cut.Y2 - cut.Y1, shrunk ? 1 : 0);
        if (!(width > 0 && height > 0) || width < least || height < least) return null;
        return width * height < _keepShare * ((x2 - x1) * (y2 - y1)) ? null : instance with { Box = cut };
    }

    private Keypoint Map(Keypoint keypoint)
    {
        if (keypoint.Visibility == 0) return default;
        (float x, float y) = (_columns.Map(keypoint.X), _rows.Map(keypoint.Y));
        // What was cut away is not labelled any more.
        return x >= _columns.From && y >= _rows.From && x <= _columns.To && y <= _rows.To ? keypoint with { X = x, Y = y } : default;
    }
}
