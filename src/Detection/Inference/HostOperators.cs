using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Masks;
using MaskRcnn.Detection.RoiHeads;
using MaskRcnn.Detection.Transform;
using TorchSharp;

namespace MaskRcnn.Detection.Inference;

/// <summary>The stages around the convolutions in C#, on the CPU.</summary>
/// <param name="network">Whose stages they are.</param>
/// <param name="type">Type of the network's input.</param>
internal sealed class HostOperators(MaskRcnnNetwork network, torch.ScalarType type) : IStageOperators
{
    private readonly ImageTransform _transform = new(network.Configuration.Transform);

    /// <inheritdoc/>
    public ImageBatch ToBatch(IReadOnlyList<RgbImage> images)
    {
        ImageBatch batch = _transform.ToBatch(images);
        if (type == torch.ScalarType.Float32)
            return batch;
        using (batch)
            return batch with { Pixels = batch.Pixels.to(type) };
    }

    /// <inheritdoc/>
    public IReadOnlyList<(Box[] Boxes, float[] Scores)> SelectProposals(IReadOnlyList<(torch.Tensor Objectness, torch.Tensor Deltas)> predictions, ImageBatch batch) =>
        network.Rpn.Select(predictions, batch);

    /// <inheritdoc/>
    public torch.Tensor Pool(IReadOnlyList<torch.Tensor> pyramid, IReadOnlyList<Box[]> regions, int size) => network.Heads.Pooling.Forward(pyramid, regions, size);

    /// <inheritdoc/>
    public IReadOnlyList<RegionDetections> SelectDetections(torch.Tensor logits, torch.Tensor deltas, IReadOnlyList<Box[]> proposals, IReadOnlyList<(int Height, int Width)> sizes) =>
        network.Heads.SelectDetections(logits, deltas, proposals, sizes);

    /// <inheritdoc/>
    public IReadOnlyList<IInstanceMasks> Masks(torch.Tensor probabilities, IReadOnlyList<RegionDetections> detections, ImageBatch batch) =>
        [.. Split(probabilities, detections).Select(image => new ProbabilityMasks(image, (int)probabilities.shape[1], network.Configuration.PostProcessing))];

    /// <summary>A tensor (K, …) of all images' regions as one array an image.</summary>
    public static float[][] Split(torch.Tensor regions, IReadOnlyList<RegionDetections> detections)
    {
        float[] all = FoldedWeights.Values(regions);
        int count = detections.Sum(d => d.Boxes.Length), size = count == 0 ? 0 : all.Length / count, first = 0;
        float[][] split = new float[detections.Count][];
        for (int image = 0; image < split.Length; image++)
        {
            int length = detections[image].Boxes.Length * size;
            split[image] = all[first..(first + length)];
            first += length;
        }

        return split;
    }

    /// <inheritdoc/>
    public void Finish()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
