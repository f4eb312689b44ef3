using MaskRcnn.Detection.Boxes;
using MaskRcnn.Detection.Inference;
using TorchSharp;

namespace MaskRcnn.Detection.TensorOperators;

/// <summary>Boxes as tensors (…, 4) of x1, y1, x2, y2, in <see cref="BoxCoder"/>'s and <see cref="BoxGeometry"/>'s order of operations.</summary>
internal static class TensorBoxes
{
    /// <summary>The boxes that deltas make of references, inside an image.</summary>
    /// <param name="coder">The factors of the deltas.</param>
    /// <param name="references">(…, 4), broadcast.</param>
    /// <param name="deltas">(…, 4).</param>
    /// <param name="limits">(…, 4), broadcast: width, height, width, height of the image.</param>
    public static torch.Tensor Decode(BoxCoder coder, torch.Tensor references, torch.Tensor deltas, torch.Tensor limits)
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor x1 = references.select(-1, 0), y1 = references.select(-1, 1);
        torch.Tensor width = references.select(-1, 2) - x1, height = references.select(-1, 3) - y1;
        torch.Tensor x = (deltas.select(-1, 0) / coder.Weights.X).mul_(width).add_(x1 + width * 0.5f);
        torch.Tensor y = (deltas.select(-1, 1) / coder.Weights.Y).mul_(height).add_(y1 + height * 0.5f);
        torch.Tensor halfWidth = HalfSize(deltas.select(-1, 2), coder.Weights.Width, width), halfHeight = HalfSize(deltas.select(-1, 3), coder.Weights.Height, height);
        torch.Tensor boxes = torch.stack([x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight], -1);
        return torch.minimum(boxes.clamp_min_(0), limits).MoveToOuterDisposeScope();
    }

    /// <summary>Whether both sides have at least a length, (…).</summary>
    public static torch.Tensor AreAtLeast(torch.Tensor boxes, double size)
    {
        using var scope = torch.NewDisposeScope();
        float least = SinglePrecision.SmallestNotBelow(size);
        torch.Tensor wide = (boxes.select(-1, 2) - boxes.select(-1, 0)).ge(least), high = (boxes.select(-1, 3) - boxes.select(-1, 1)).ge(least);
        return wide.bitwise_and_(high).MoveToOuterDisposeScope();
    }

    /// <summary>The limits of images for <see cref="Decode"/>, (N, 4).</summary>
    public static torch.Tensor Limits(IReadOnlyList<(int Height, int Width)> sizes, torch.Device device) =>
        DeviceTransfer.Upload([.. sizes.SelectMany(size => new float[] { size.Width, size.Height, size.Width, size.Height })], [sizes.Count, 4], device);

    /// <summary>The box at a place in values copied from a device.</summary>
    public static Box At(ReadOnlySpan<float> values) => new(values[0], values[1], values[2], values[3]);

    private static torch.Tensor HalfSize(torch.Tensor deltas, float weight, torch.Tensor size) =>
        (deltas / weight).clamp_max_(BoxCoder.MaxLogRatio).exp_().mul_(size).mul_(0.5f);
}
