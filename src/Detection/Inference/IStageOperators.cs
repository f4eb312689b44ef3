using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Masks;
using MaskRcnn.Detection.RoiHeads;
using MaskRcnn.Detection.Transform;
using TorchSharp;

namespace MaskRcnn.Detection.Inference;

/// <summary>
/// The stages before, between and after the convolutions: C# on the CPU (<see cref="HostOperators"/>), tensor operators
/// on a device (<see cref="TensorOperators.DeviceOperators"/>). Boxes come to the host either way: their number
/// decides the size of what follows.
/// </summary>
internal interface IStageOperators : IDisposable
{
    /// <summary>Images to the network's input, in the plan's type, on its device.</summary>
    ImageBatch ToBatch(IReadOnlyList<RgbImage> images);

    /// <summary>The proposals of each image, best first, in resized pixels.</summary>
    /// <param name="predictions">Objectness (N, A, H, W) and deltas (N, 4·A, H, W) of each level.</param>
    /// <param name="batch">The images' sizes.</param>
    IReadOnlyList<(Box[] Boxes, float[] Scores)> SelectProposals(IReadOnlyList<(torch.Tensor Objectness, torch.Tensor Deltas)> predictions, ImageBatch batch);

    /// <summary>Features of each image's regions: (regions, C, size, size), channels-last, image after image.</summary>
    torch.Tensor Pool(IReadOnlyList<torch.Tensor> pyramid, IReadOnlyList<Box[]> regions, int size);

    /// <summary>The detections of each image; parameters as of <see cref="RegionHeads.SelectDetections"/>.</summary>
    IReadOnlyList<RegionDetections> SelectDetections(torch.Tensor logits, torch.Tensor deltas, IReadOnlyList<Box[]> proposals, IReadOnlyList<(int Height, int Width)> sizes);

    /// <summary>The masks of each image's detections.</summary>
    /// <param name="probabilities">(K, side, side), image after image.</param>
    /// <param name="detections">The K detections.</param>
    /// <param name="batch">The images' sizes.</param>
    IReadOnlyList<IInstanceMasks> Masks(torch.Tensor probabilities, IReadOnlyList<RegionDetections> detections, ImageBatch batch);

    /// <summary>Waits until the device has done all that was asked of it, so that a stage's time is its own.</summary>
    void Finish();
}
