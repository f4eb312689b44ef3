using MaskRcnn.Coco.Masks;
using MaskRcnn.Detection.Boxes;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Masks;
using MaskRcnn.Detection.RoiHeads;
using MaskRcnn.Detection.Transform;
using TorchSharp;

namespace MaskRcnn.Detection.TensorOperators;

/// <summary>The stages around the convolutions by libtorch's operators, on the plan's device. Several threads may use it.</summary>
internal sealed class DeviceOperators : IStageOperators
{
    private readonly PostProcessingConfiguration _configuration;
    private readonly torch.Device _device;
    private readonly TensorTransform _transform;
    private readonly TensorProposals _proposals;
    private readonly TensorRoiPooling _pooling;
    private readonly TensorBoxPostProcessor _postProcessor;

    public DeviceOperators(ModelConfiguration configuration, ExecutionPlan plan)
    {
        _configuration = configuration.PostProcessing;
        _device = plan.Device;
        _transform = new TensorTransform(configuration.Transform, plan);
        _proposals = new TensorProposals(configuration.Rpn, plan.Device);
        _pooling = new TensorRoiPooling(configuration.RoiPooling);
        _postProcessor = new TensorBoxPostProcessor(configuration.PostProcessing, plan.Device);
    }

    /// <inheritdoc/>
    public ImageBatch ToBatch(IReadOnlyList<RgbImage> images) => _transform.ToBatch(images);

    /// <inheritdoc/>
    public IReadOnlyList<(Box[] Boxes, float[] Scores)> SelectProposals(IReadOnlyList<(torch.Tensor Objectness, torch.Tensor Deltas)> predictions, ImageBatch batch) =>
        _proposals.Select(predictions, batch);

    /// <inheritdoc/>
    public torch.Tensor Pool(IReadOnlyList<torch.Tensor> pyramid, IReadOnlyList<Box[]> regions, int size) => _pooling.Forward(pyramid, regions, size);

    /// <inheritdoc/>
    public IReadOnlyList<RegionDetections> SelectDetections(torch.Tensor logits, torch.Tensor deltas, IReadOnlyList<Box[]> proposals, IReadOnlyList<(int Height, int Width)> sizes) =>
        _postProcessor.Select(logits, deltas, proposals, sizes);

    /// <summary>Pastes the masks, of all images together: their probabilities never leave the device.</summary>
    public IReadOnlyList<IInstanceMasks> Masks(torch.Tensor probabilities, IReadOnlyList<RegionDetections> detections, ImageBatch batch)
    {
        List<Box> boxes = [];
        List<(int Height, int Width)> images = [];
        for (int image = 0; image < detections.Count; image++)
        {
            (float x, float y) = batch.Ratios(image);
            boxes.AddRange(detections[image].Boxes.Select(box => BoxGeometry.Scale(box, x, y)));
            images.AddRange(Enumerable.Repeat(batch.OriginalSizes[image], detections[image].Boxes.Length));
        }

        Rle[] masks = TensorMaskPaste.Paste(probabilities, boxes, images, _configuration.MaskThreshold, _configuration.PasteRule);
        int first = 0;
        return [.. detections.Select(own => new PastedMasks(masks[first..(first += own.Boxes.Length)]))];
    }

    /// <inheritdoc/>
    public void Finish()
    {
        if (_device.type == DeviceType.CUDA)
            torch.cuda.synchronize(_device);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _transform.Dispose();
        _proposals.Dispose();
    }
}
