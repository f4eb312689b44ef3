using MaskRcnn.Detection.Configuration;
using TorchSharp;

namespace MaskRcnn.Detection.TensorOperators;

/// <summary>The two cells of a mask with a border of zeros that a pixel lies between, along an axis: (n, length) each.</summary>
/// <param name="Low">First cell.</param>
/// <param name="High">Second cell.</param>
/// <param name="LowWeight">Weight of the first.</param>
/// <param name="HighWeight">Weight of the second.</param>
/// <param name="Present">Whether the pixel belongs to the crop, which may be shorter than others.</param>
internal sealed record PasteTaps(torch.Tensor Low, torch.Tensor High, torch.Tensor LowWeight, torch.Tensor HighWeight, torch.Tensor Present)
{
    /// <summary>The taps of crops along one of their axes.</summary>
    /// <param name="crops">First and end of each crop, and how they lie in the mask.</param>
    /// <param name="length">Length of the longest.</param>
    /// <param name="cells">Cells of the mask with its border.</param>
    /// <param name="rule">Whose arithmetic.</param>
    /// <param name="device">Where.</param>
    public static PasteTaps Of(IReadOnlyList<(int First, int End, PasteAxis Axis)> crops, int length, int cells, PasteRule rule, torch.Device device)
    {
        torch.Tensor table = DeviceTransfer.Upload([.. crops.SelectMany(c => new float[] { c.First, c.End, c.Axis.First, c.Axis.Second })], [crops.Count, 4], device);
        torch.Tensor pixels = torch.arange(length, torch.float32, device).unsqueeze(0).add(table.narrow(1, 0, 1));            // whole numbers: exact
        torch.Tensor present = pixels.lt(table.narrow(1, 1, 1)), first = table.narrow(1, 2, 1), second = table.narrow(1, 3, 1);
        return rule == PasteRule.Torchvision ? Torchvision(pixels, first, second, cells, present) : Detectron2(pixels, first, second, cells, present);
    }

    /// <summary><see cref="Kernels.BilinearTap"/>: the scale is single precision, positions are double.</summary>
    private static PasteTaps Torchvision(torch.Tensor pixels, torch.Tensor origin, torch.Tensor scale, int cells, torch.Tensor present)
    {
        torch.Tensor position = (pixels - origin).to(torch.float64).add_(0.5).mul_(scale).sub_(0.5).clamp_min_(0);
        torch.Tensor low = position.to(torch.int64).clamp_max_(cells - 1), high = low.add(1).clamp_max_(cells - 1);
        torch.Tensor fraction = (position - low).clamp_(0, 1).to(torch.float32);
        return new PasteTaps(low, high, 1 - fraction, fraction, present);
    }

    /// <summary>grid_sample's arithmetic with align_corners false; outside is 0, as the border is.</summary>
    private static PasteTaps Detectron2(torch.Tensor pixels, torch.Tensor from, torch.Tensor to, int cells, torch.Tensor present)
    {
        int side = cells - 2;
        torch.Tensor position = pixels.add(0.5f).sub_(from).div_(to - from).mul_(2).sub_(1).add_(1).mul_(side).sub_(1).div_(2);
        // Also false for NaN.
        torch.Tensor inside = position.gt(-1).bitwise_and_(position.lt(side));
        position.masked_fill_(inside.bitwise_not(), 0);
        torch.Tensor floor = position.floor(), fraction = position - floor, low = floor.to(torch.int64).add_(1);
        return new PasteTaps(low, low + 1, (1 - fraction).mul_(inside), fraction.mul_(inside), present);
    }
}
