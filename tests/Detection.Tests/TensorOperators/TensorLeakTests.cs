using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Layers;
using TorchSharp;

namespace MaskRcnn.Detection.Tests.TensorOperators;

/// <summary>The garbage collector does not see native memory: each tensor is disposed by the call that made it.</summary>
[Collection(nameof(Alone))]
public sealed class TensorLeakTests
{
    [Theory]
    [InlineData(true, RoiOperator.Align, 2)]
    [InlineData(true, RoiOperator.Align, 0)]
    [InlineData(true, RoiOperator.Pool, 2)]
    [InlineData(false, RoiOperator.Align, 2)]
    public void Detecting_again_leaves_no_tensors(bool tensorOperators, RoiOperator roi, int samples)
    {
        using Detector detector = TensorModelTests.Tiny(TensorPlan.Of(Precision.Fp32, tensorOperators), PasteRule.Torchvision, new RoiPoolingConfiguration { Operator = roi, SamplingRatio = samples });
        RgbImage[] images = TensorModelTests.Images();
        detector.Detect(images);
        long before = ProcessMemory.LiveTensors();
        for (int i = 0; i < 3; i++)
            detector.Detect(images);
        Assert.Equal(before, torch.Tensor.TotalCount);
    }
}

/// <summary>Tests that count all tensors of the process, and so run while no others do.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
