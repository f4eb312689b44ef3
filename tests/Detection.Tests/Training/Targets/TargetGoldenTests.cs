using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Tests.Golden;
using MaskRcnn.Detection.Training.Data;
using MaskRcnn.Detection.Training.Targets;

namespace MaskRcnn.Detection.Tests.Training.Targets;

/// <summary>What the branches should say is what torchvision says.</summary>
public sealed class TargetGoldenTests : IDisposable
{
    private readonly GoldenFile _golden = new("ops");

    [Fact]
    public void Masks_are_pooled_as_by_torchvision()
    {
        int[] shape = _golden.Shape("masktgt.gt");
        byte[] masks = [.. _golden.Floats("masktgt.gt").Select(value => (byte)value)];
        int size = shape[1] * shape[2];
        TrainingInstance[] instances = [.. Enumerable.Range(0, shape[0]).Select(i =>
            new TrainingInstance(1, default) { Mask = InstanceMask.Of(0, 0, shape[2], shape[1], masks.AsSpan(i * size, size)) })];
        ImageTargets image = new(new TrainingSample(1, new RgbImage(shape[2], shape[1], new byte[3 * size]), instances), (shape[1], shape[2]));
        float[] targets = MaskTargets.Of(image, _golden.Boxes("masktgt.boxes"), [.. _golden.Integers("masktgt.idx").Select(i => (int)i)], 28);
        Near.Equal(_golden.Floats("masktgt.out"), targets, 1e-5, "mask targets");
    }

    [Fact]
    public void Keypoints_have_torchvisions_places()
    {
        Box[] regions = _golden.Boxes("kp.rois");
        float[] points = _golden.Floats("kp.gt");
        long[] places = _golden.Integers("kp.gt_heatmap_idx"), valid = _golden.Integers("kp.gt_valid");
        for (int region = 0; region < regions.Length; region++)
        {
            Keypoint[] own = [.. Enumerable.Range(region * 17, 17).Select(i => new Keypoint(points[3 * i], points[3 * i + 1], (int)points[3 * i + 2]))];
            Assert.Equal(Enumerable.Range(region * 17, 17).Select(i => valid[i] != 0 ? places[i] : KeypointTargets.None), KeypointTargets.Of(regions[region], own, 56));
        }
    }

    public void Dispose() => _golden.Dispose();
}
