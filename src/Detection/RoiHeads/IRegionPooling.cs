using MaskRcnn.Detection.Inference;
using TorchSharp;

namespace MaskRcnn.Detection.RoiHeads;

/// <summary>Features of regions, and the way back: on the CPU <see cref="RoiPooling"/>, on a device <see cref="TensorOperators.TensorRoiPooling"/>.</summary>
internal interface IRegionPooling
{
    /// <summary>Pools regions of a batch.</summary>
    /// <param name="features">P2 to P5, each (N, C, H, W).</param>
    /// <param name="regions">Boxes in resized pixels, for each of the N images.</param>
    /// <param name="size">Side of the pooled features.</param>
    /// <returns>(regions, C, size, size), channels-last, image after image.</returns>
    torch.Tensor Forward(IReadOnlyList<torch.Tensor> features, IReadOnlyList<Box[]> regions, int size);

    /// <summary>The gradient of the features, given that of <see cref="Forward"/>'s result.</summary>
    /// <param name="gradient">(regions, C, size, size).</param>
    /// <param name="features">P2 to P5, as they were pooled.</param>
    /// <param name="regions">The boxes that were pooled; they have no gradient.</param>
    /// <returns>For each level of <paramref name="features"/>, in its shape and type, channels-last.</returns>
    IReadOnlyList<torch.Tensor> Backward(torch.Tensor gradient, IReadOnlyList<torch.Tensor> features, IReadOnlyList<Box[]> regions);
}
