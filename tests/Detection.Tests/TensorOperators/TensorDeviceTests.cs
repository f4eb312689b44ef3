using System.Runtime.InteropServices;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Native;
using MaskRcnn.Detection.RoiHeads;
using MaskRcnn.Detection.TensorOperators;
using MaskRcnn.Detection.Tests.Golden;
using MaskRcnn.Detection.Transform;
using TorchSharp;

namespace MaskRcnn.Detection.Tests.TensorOperators;

/// <summary>
/// Where there is no GPU: libtorch's meta device has shapes and no values, and refuses to compute with tensors of the
/// CPU. An operator that it lacks ends the test, and says that all before it was on the device.
/// </summary>
public sealed class TensorDeviceTests
{
    private readonly ExecutionPlan _plan = MetaPlan();

    [Fact]
    public void The_meta_device_refuses_tensors_of_the_cpu()
    {
        using torch.Tensor there = torch.empty([2], device: _plan.Device), here = torch.ones(2);
        Assert.Contains("device", Assert.Throws<ExternalException>(() => there.mul(here)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_input_is_made_on_the_device()
    {
        using TensorTransform transform = new(TinyModel.Configuration.Transform, _plan);
        using ImageBatch batch = transform.ToBatch(TensorModelTests.Images());
        Assert.Equal(DeviceType.META, batch.Pixels.device_type);
    }

    [Fact]
    public void RoIAlign_stays_on_the_device_up_to_its_sum()
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor features = torch.empty([1, 16, 8, 8], _plan.Type, _plan.Device), target = torch.empty([2, 7 * 7 * 16], _plan.Type, _plan.Device);
        RoiGeometry geometry = new(7, 7, 16, 2, false);
        RoiFrame[] frames = [RoiFrame.Of(0, 0, new(3, 4, 20, 30), 0.25f, geometry), RoiFrame.Of(1, 0, new(0, 0, 30, 9), 0.25f, geometry)];
        AssertStopsAt("embedding_bag", () => TensorRoiPooling.PoolLevel(features, frames, geometry, target));
    }

    [Fact]
    public void Proposals_are_selected_on_the_device()
    {
        using var scope = torch.NewDisposeScope();
        using TensorProposals proposals = new(TinyModel.Configuration.Rpn, _plan.Device);
        (torch.Tensor, torch.Tensor)[] predictions = [.. new[] { 16, 8, 4, 2, 1 }.Select(side => (torch.empty([1, 3, side, side], device: _plan.Device), torch.empty([1, 12, side, side], device: _plan.Device)))];
        using ImageBatch batch = new(torch.empty([1, 3, 64, 64], device: _plan.Device), [(64, 60)], [(64, 60)]);
        AssertStopsAt("floor_divide", () => proposals.Select(predictions, batch));
    }

    [Fact]
    public void Suppression_stays_on_the_device_until_it_looks_whether_it_is_done()
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor boxes = torch.empty([2, 9, 4], device: _plan.Device), groups = torch.empty([2, 9], torch.int64, _plan.Device), candidates = torch.empty([2, 9], torch.@bool, _plan.Device);
        AssertStopsAt("no data", () => TensorSuppression.Keep(boxes, groups, candidates, 0.5));
    }

    [Fact]
    public void Boxes_are_decoded_on_the_device()
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor references = torch.empty([2, 5, 1, 4], device: _plan.Device), deltas = torch.empty([2, 5, 3, 4], device: _plan.Device);
        torch.Tensor boxes = TensorBoxes.Decode(Boxes.BoxCoder.Regions, references, deltas, TensorBoxes.Limits([(3, 4), (5, 6)], _plan.Device).view(2, 1, 1, 4));
        Assert.Equal(DeviceType.META, TensorBoxes.AreAtLeast(boxes, 1).device_type);
    }

    [Theory]
    [InlineData(PasteRule.Torchvision)]
    [InlineData(PasteRule.Detectron2)]
    public void The_paste_finds_its_cells_on_the_device(PasteRule rule)
    {
        using var scope = torch.NewDisposeScope();
        PasteTaps taps = PasteTaps.Of([(1, 20, new PasteAxis(0, 20)), (0, 7, new PasteAxis(2, 9))], 20, 30, rule, _plan.Device);
        Assert.All([taps.Low, taps.High, taps.LowWeight, taps.HighWeight, taps.Present], tensor => Assert.Equal(DeviceType.META, tensor.device_type));
    }

    private static void AssertStopsAt(string reason, Action compute) =>
        Assert.Contains(reason, Assert.Throws<ExternalException>(compute).Message, StringComparison.Ordinal);

    private static ExecutionPlan MetaPlan()
    {
        TorchLibrary.EnsureLoaded();
        return new ExecutionPlan(new torch.Device(DeviceType.META), Precision.Bf16);
    }
}
