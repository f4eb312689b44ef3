using System.Text.Json;
using CsCheck;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.RoiHeads;
using MaskRcnn.Detection.TensorOperators;
using MaskRcnn.Detection.Tests.Golden;
using TorchSharp;

namespace MaskRcnn.Detection.Tests.TensorOperators;

public sealed class TensorRoiPoolingTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void RoIAlign_pools_what_torchvision_pools(int index)
    {
        using GoldenFile golden = new("ops");
        using var scope = torch.NewDisposeScope();
        JsonElement settings = golden.Json.GetProperty("roi_align")[index];
        torch.Tensor input = golden.Features("roi_align.input");
        float[] regions = golden.Floats("roi_align.rois");
        RoiGeometry geometry = new(settings.GetProperty("pooled_h").GetInt32(), settings.GetProperty("pooled_w").GetInt32(), (int)input.shape[1], settings.GetProperty("sampling_ratio").GetInt32(), settings.GetProperty("aligned").GetBoolean());
        RoiFrame[] frames = [.. regions.Chunk(5).Select((r, i) => RoiFrame.Of(i, (int)r[0], new Box(r[1], r[2], r[3], r[4]), settings.GetProperty("spatial_scale").GetSingle(), geometry))];
        torch.Tensor pooled = ChannelsLast.Zeros(frames.Length, geometry.Channels, geometry.Height, geometry.Width, torch.ScalarType.Float32, torch.CPU);
        TensorRoiPooling.PoolLevel(input, frames, geometry, pooled.permute(0, 2, 3, 1).view(frames.Length, -1));
        Near.Equal(golden.Floats($"roi_align.{settings.GetProperty("case").GetString()}.out"), Near.Values(pooled), 1e-5, "pooled");
    }

    [Theory]
    [InlineData(RoiOperator.Align, false, 2, Precision.Fp32)]
    [InlineData(RoiOperator.Align, true, 0, Precision.Fp32)]
    [InlineData(RoiOperator.Align, false, 0, Precision.Bf16)]
    [InlineData(RoiOperator.Align, true, 3, Precision.Bf16)]
    [InlineData(RoiOperator.Pool, false, 2, Precision.Fp32)]
    [InlineData(RoiOperator.Pool, false, 2, Precision.Bf16)]
    public void Regions_of_a_batch_are_pooled_as_by_the_kernel(RoiOperator roi, bool aligned, int samples, Precision precision)
    {
        ExecutionPlan plan = TensorPlan.Of(precision);
        using var scope = torch.NewDisposeScope();
        torch.Tensor[] pyramid = [.. Enumerable.Range(0, 4).Select(level => Features(level, 24 >> level, 40 >> level, plan.Type))];
        RoiPoolingConfiguration configuration = new() { Operator = roi, Aligned = aligned, SamplingRatio = samples, CanonicalSize = 56 };
        // In an image of 96×160, also outside of it, and larger.
        Gen<Box> box = Gen.Select(Gen.Float[-60, 200], Gen.Float[-60, 140], Gen.Float[-2, 200], Gen.Float[0, 140]).Select((x, y, w, h) => new Box(x, y, x + w, y + h));
        foreach (Box[][] regions in RandomCases.Of(box.Array[0, 12].Array[2], 5))
        {
            torch.Tensor expected = new RoiPooling(configuration).Forward(pyramid, regions, 7), pooled = new TensorRoiPooling(configuration).Forward(pyramid, regions, 7);
            Assert.Equal(expected.dtype, pooled.dtype);
            Assert.True(ChannelsLast.Is(pooled));
            // A unit in the last place of bfloat16, of values up to 3.
            Near.Equal(Near.Values(expected), Near.Values(pooled), precision == Precision.Fp32 ? 1e-5 : 1.6e-2, "pooled");
        }
    }

    [Fact]
    public void Images_may_be_pooled_one_by_one()
    {
        ExecutionPlan plan = TensorPlan.Of(Precision.Bf16);
        using var scope = torch.NewDisposeScope();
        torch.Tensor features = Features(1, 12, 20, plan.Type), together = torch.zeros([3, 7 * 7 * 16], plan.Type), separate = torch.zeros([3, 7 * 7 * 16], plan.Type);
        RoiGeometry geometry = new(7, 7, 16, 2, false);
        RoiFrame[] frames = [.. new[] { (1, new Box(2, 3, 40, 50)), (0, new Box(9, 9, 30, 20)), (1, new Box(20, 0, 70, 40)) }.Select((r, i) => RoiFrame.Of(i, r.Item1, r.Item2, 0.25f, geometry))];
        TensorRoiPooling.PoolLevel(features, frames, geometry, together);
        TensorRoiPooling.PoolLevel(features, frames, geometry, separate, tableElements: 1);
        Near.Equal(Near.Values(together), Near.Values(separate), 0, "pooled");
    }

    [Fact]
    public void A_batch_without_regions_gives_none()
    {
        ExecutionPlan plan = TensorPlan.Of(Precision.Fp32);
        using var scope = torch.NewDisposeScope();
        torch.Tensor[] pyramid = [.. Enumerable.Range(0, 4).Select(level => Features(level, 8, 8, plan.Type))];
        Assert.Equal([0, 16, 7, 7], new TensorRoiPooling(new RoiPoolingConfiguration()).Forward(pyramid, [[], []], 7).shape);
    }

    private static torch.Tensor Features(int level, int height, int width, torch.ScalarType type)
    {
        torch.Tensor values = torch.tensor(RandomCases.Normal(level, 2 * 16 * height * width), [2, 16, height, width]);
        return ChannelsLast.Of(values.to(type));
    }
}
