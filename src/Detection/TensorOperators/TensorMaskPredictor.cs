using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.RoiHeads;
using TorchSharp;

namespace MaskRcnn.Detection.TensorOperators;

/// <summary>
/// The mask predictor by libtorch, on the plan's device. The last convolution is evaluated for each region's own class
/// only, in single precision, as <see cref="MaskPredictor"/> does.
/// </summary>
internal sealed class TensorMaskPredictor : IMaskPredictor
{
    /// <summary>Regions whose single-precision features exist at a time: 256 · 784 · 4 bytes each.</summary>
    private const int ChunkRegions = 128;

    private readonly torch.Device _device;
    private readonly TorchTransposedConvolution _enlarge;
    private readonly torch.Tensor _weight;
    private readonly torch.Tensor _bias;

    /// <summary>Copies the weights to the device.</summary>
    public TensorMaskPredictor(TransposedConvolution enlarge, Convolution logits, ExecutionPlan plan)
    {
        _device = plan.Device;
        _enlarge = new TorchTransposedConvolution(enlarge, plan.Type, plan.Device);
        using torch.Tensor weight = logits.Weight.flatten(1);
        _weight = TorchTransposedConvolution.Copy(weight, torch.float32, plan.Device);
        _bias = TorchTransposedConvolution.Copy(logits.Bias!, torch.float32, plan.Device);
    }

    /// <inheritdoc/>
    public torch.Tensor Run(torch.Tensor features, int[] channels)
    {
        (long height, long width) = (2 * features.shape[2], 2 * features.shape[3]);
        torch.Tensor probabilities = torch.empty([channels.Length, height, width], device: _device);
        if (channels.Length == 0)
            return probabilities;
        using torch.Tensor labels = DeviceTransfer.Upload(Array.ConvertAll(channels, channel => (long)channel), [channels.Length], _device);
        for (int first = 0; first < channels.Length; first += ChunkRegions)
        {
            using var scope = torch.NewDisposeScope();
            int count = Math.Min(ChunkRegions, channels.Length - first);
            torch.Tensor own = labels.narrow(0, first, count);
            using torch.Tensor enlarged = _enlarge.Run(features.narrow(0, first, count));                                     // (K, 256, 28, 28)
            using torch.Tensor pixels = enlarged.relu_().permute(0, 2, 3, 1).reshape(count, height * width, -1).to(torch.float32);
            torch.Tensor weights = _weight.index_select(0, own).unsqueeze(2), bias = _bias.index_select(0, own).unsqueeze(1);
            torch.Tensor logits = torch.bmm(pixels, weights).squeeze(2).add_(bias);                                           // (K, 784)
            probabilities.narrow(0, first, count).copy_(logits.sigmoid_().view(count, height, width));
        }

        return probabilities;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _enlarge.Dispose();
        _weight.Dispose();
        _bias.Dispose();
    }
}
