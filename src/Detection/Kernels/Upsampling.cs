using TorchSharp;

namespace MaskRcnn.Detection.Kernels;

/// <summary>Enlarging a feature map.</summary>
internal static class Upsampling
{
    /// <summary>Nearest neighbour to an exact size: (N, C, h, w) to (N, C, height, width).</summary>
    public static torch.Tensor Nearest(torch.Tensor input, long height, long width) =>
        torch.nn.functional.interpolate(input, size: [height, width], mode: torch.InterpolationMode.Nearest);
}
