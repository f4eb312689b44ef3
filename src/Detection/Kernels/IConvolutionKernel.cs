using TorchSharp;

namespace MaskRcnn.Detection.Kernels;

/// <summary>A convolution prepared for inference: weights packed, norm folded in, activation fused.</summary>
internal interface IConvolutionKernel : IDisposable
{
    /// <summary>Convolves.</summary>
    /// <param name="input">(N, C, H, W) in channels-last order.</param>
    /// <param name="addend">Added before the activation; of the result's shape, channels-last; or null.</param>
    /// <param name="reuseAddend">Whether the addend is not needed afterwards: the result may then take its memory.</param>
    /// <returns>(N, O, H', W') in channels-last order.</returns>
    torch.Tensor Run(torch.Tensor input, torch.Tensor? addend = null, bool reuseAddend = false);
}
