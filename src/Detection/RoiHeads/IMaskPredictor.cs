using TorchSharp;

namespace MaskRcnn.Detection.RoiHeads;

/// <summary>The mask predictor prepared for inference: of each region, the map of its own class only.</summary>
internal interface IMaskPredictor : IDisposable
{
    /// <summary>(K, C, h, w) and K channels to the probabilities (K, 2h, 2w), single precision.</summary>
    torch.Tensor Run(torch.Tensor features, int[] channels);
}
