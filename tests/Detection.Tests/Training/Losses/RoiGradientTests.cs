using System.Text.Json;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Kernels;
using MaskRcnn.Detection.Native;
using MaskRcnn.Detection.RoiHeads;
using MaskRcnn.Detection.TensorOperators;
using MaskRcnn.Detection.Tests.Golden;
using MaskRcnn.Detection.Tests.Inference;
using MaskRcnn.Detection.Training.Losses;
using TorchSharp;

namespace MaskRcnn.Detection.Tests.Training.Losses;

/// <summary>The gradients of pooling are right: torchvision's, finite differences', and the same on every path.</summary>
[Collection(nameof(ThreadCounts))]
public sealed class RoiGradientTests
{
    private static readonly Box[][] Regions =
    [
        [new(3, 4, 40, 30), new(-5, 60, 155, 96), new(100, 10, 101, 11), new(2, 2, 158, 94)],
        [new(50, 20, 90, 70), new(50, 20, 90, 70), new(140, 80, 200, 120)],
    ];

    public RoiGradientTests() => TorchLibrary.EnsureLoaded();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public unsafe void RoIAligns_gradient_is_torchvisions(int index)
    {
        using GoldenFile golden = new("ops");
        JsonElement settings = golden.Json.GetProperty("roi_align")[index];
        string name = settings.GetProperty("case").GetString()!;
        int[] shape = golden.Shape("roi_align.input");
        (int channels, int height, int width) = (shape[1], shape[2], shape[3]);
        float[] regions = golden.Floats("roi_align.rois");
        RoiGeometry geometry = new(settings.GetProperty("pooled_h").GetInt32(), settings.GetProperty("pooled_w").GetInt32(), channels, settings.GetProperty("sampling_ratio").GetInt32(), settings.GetProperty("aligned").GetBoolean());
        using torch.Tensor gradient = golden.Features($"roi_align.{name}.grad_out"), sum = ChannelsLast.Zeros(shape[0], channels, height, width, torch.ScalarType.Float32, torch.CPU);
        for (int i = 0; i < regions.Length / 5; i++)
        {
            Box box = new(regions[5 * i + 1], regions[5 * i + 2], regions[5 * i + 3], regions[5 * i + 4]);
            Float32Element* own = (Float32Element*)ChannelsLast.Pointer(gradient) + i * geometry.Height * geometry.Width * channels;
            // In two parts, as two threads do it.
            foreach (Range part in new[] { Range.EndAt(1), Range.StartAt(1) })
                RoiAlign.AddGradient(own, height, width, settings.GetProperty("spatial_scale").GetSingle(), box, geometry, part, (float*)ChannelsLast.Pointer(sum) + (int)regions[5 * i] * height * width * channels);
        }

        Near.Scaled(golden.Floats($"roi_align.{name}.grad_in"), Near.Values(sum), 1e-5, "gradient");
    }

    [Theory]
    [InlineData(RoiOperator.Align)]
    [InlineData(RoiOperator.Pool)]
    public void Going_back_through_the_pooling_is_a_finite_difference(RoiOperator roi)
    {
        RoiPoolingConfiguration configuration = new() { Operator = roi, CanonicalSize = 56 };
        using var scope = torch.NewDisposeScope();
        torch.Tensor[] pyramid = [.. Pyramid(torch.ScalarType.Float32).Select(level => level.requires_grad_())];
        torch.random.manual_seed(5);
        torch.Tensor weights = torch.randn([7, 32, 7, 7]), change = torch.randn(pyramid[1].shape);
        Loss(pyramid).backward();
        double slope = (pyramid[1].grad! * change).sum().item<float>();
        using (torch.no_grad())
        {
            // So small that few maxima change their places.
            const float Step = 2e-4f;
            double up = Loss([pyramid[0], pyramid[1] + change * Step, pyramid[2], pyramid[3]]).item<float>(), down = Loss([pyramid[0], pyramid[1] - change * Step, pyramid[2], pyramid[3]]).item<float>();
            Assert.Equal(slope, (up - down) / (2 * Step), 0.02 * Math.Max(1, Math.Abs(slope)));
        }

        torch.Tensor Loss(IReadOnlyList<torch.Tensor> levels) => (RegionFeatures.Of(new RoiPooling(configuration), levels, Regions, 7) * weights).sum();
    }

    [Theory]
    [InlineData(RoiOperator.Align, false, 2)]
    [InlineData(RoiOperator.Align, true, 0)]
    [InlineData(RoiOperator.Pool, false, 2)]
    public void Tensor_operators_go_back_as_the_kernels_do(RoiOperator roi, bool aligned, int samples)
    {
        RoiPoolingConfiguration configuration = new() { Operator = roi, Aligned = aligned, SamplingRatio = samples, CanonicalSize = 56 };
        using var scope = torch.NewDisposeScope();
        torch.Tensor[] pyramid = Pyramid(torch.ScalarType.Float32);
        torch.Tensor gradient = torch.randn([7, 32, 7, 7]);
        IReadOnlyList<torch.Tensor> expected = new RoiPooling(configuration).Backward(gradient, pyramid, Regions), actual = new TensorRoiPooling(configuration).Backward(gradient, pyramid, Regions);
        for (int level = 0; level < 4; level++)
            Near.Scaled(Near.Values(expected[level]), Near.Values(actual[level]), 1e-5, $"level {level}");
    }

    [Fact]
    public void The_gradient_does_not_depend_on_the_number_of_threads()
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor[] pyramid = Pyramid(torch.ScalarType.Float32);
        torch.Tensor gradient = torch.randn([7, 32, 7, 7]);
        int before = KernelThreads.Count;
        try
        {
            KernelThreads.Count = 1;
            float[][] one = [.. new RoiPooling(new()).Backward(gradient, pyramid, Regions).Select(Near.Values)];
            KernelThreads.Count = 3;
            float[][] three = [.. new RoiPooling(new()).Backward(gradient, pyramid, Regions).Select(Near.Values)];
            Assert.Equal(one, three);
        }
        finally
        {
            KernelThreads.Count = before;
        }
    }

    [Fact]
    public void Gradients_in_bfloat16_are_summed_in_single_precision()
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor gradient = torch.randn([7, 32, 7, 7]).to(torch.bfloat16);
        IReadOnlyList<torch.Tensor> half = new RoiPooling(new()).Backward(gradient, Pyramid(torch.ScalarType.BFloat16), Regions);
        IReadOnlyList<torch.Tensor> single = new RoiPooling(new()).Backward(gradient.to(torch.float32), Pyramid(torch.ScalarType.Float32), Regions);
        for (int level = 0; level < 4; level++)
        {
            Assert.Equal(torch.ScalarType.BFloat16, half[level].dtype);
            Assert.Equal(Near.Values(single[level].to(torch.bfloat16)), Near.Values(half[level]));
        }
    }

    /// <summary>Of two images of 96×160.</summary>
    private static torch.Tensor[] Pyramid(torch.ScalarType type)
    {
        Random random = new(3);
        return [.. Enumerable.Range(0, 4).Select(level =>
        {
            float[] values = [.. Enumerable.Range(0, 2 * 32 * (24 >> level) * (40 >> level)).Select(_ => random.NextSingle() * 2 - 1)];
            return ChannelsLast.Of(torch.tensor(values, 2, 32, 24 >> level, 40 >> level)).to(type);
        })];
    }
}
