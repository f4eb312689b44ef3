using MaskRcnn.Detection.Masks;
using MaskRcnn.Detection.RoiHeads;

namespace MaskRcnn.Detection.Inference;

/// <summary>What the network found in a batch, in resized pixels; one entry an image.</summary>
/// <param name="Proposals">The regions that the box branch saw.</param>
/// <param name="Detections">Boxes, scores and labels.</param>
/// <param name="Masks">Each image's masks, or null without a mask branch.</param>
/// <param name="KeypointMaps">(K, keypoints · 56 · 56) for each image's detections, or null without a keypoint branch.</param>
internal sealed record NetworkOutput(
    IReadOnlyList<Box[]> Proposals,
    IReadOnlyList<RegionDetections> Detections,
    IReadOnlyList<IInstanceMasks>? Masks,
    IReadOnlyList<float[]>? KeypointMaps);
