using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Tests.Golden;
using MaskRcnn.Detection.Tests.TensorOperators;
using MaskRcnn.Detection.Training;
using MaskRcnn.Detection.Training.Data;
using MaskRcnn.Detection.Training.Initialization;
using MaskRcnn.Detection.Training.Loading;
using TorchSharp;

namespace MaskRcnn.Detection.Tests.Training;

/// <summary>Training keeps nothing of the steps that are over.</summary>
[Collection(nameof(Alone))]
public sealed class TrainingMemoryTests
{
    private const int Steps = 200, WarmUp = 40, Side = 64;
    private const long MostGrowth = 24 << 20;

    [Fact]
    public void Two_hundred_steps_leave_no_tensors_and_no_memory_behind()
    {
        TrainingConfiguration configuration = new()
        {
            Model = Small(),
            Steps = Steps,
            TrainedBackboneStages = 5,
            Optimizer = new() { AverageDecay = 0.99, ClipNorm = 1, LearningRate = 0.002 },
            Sampling = new() { BatchSize = 32 },
            Augmentation = new() { HorizontalFlip = 0.5, QuarterTurns = 0.5, CopyPaste = 0.5, Brightness = 0.2 },
        };
        using MaskRcnnNetwork network = new(configuration.Model);
        InitialWeights.Fill(network, 1);
        using Trainer trainer = new(network, configuration, torch.CPU);
        BatchMaker maker = new(Dataset(), new TrainingLoaderOptions { BatchSize = 2, Augmentation = configuration.Augmentation, Transform = configuration.Model.Transform });
        long tensors = 0, bytes = 0;
        for (int step = 0; step < Steps; step++)
        {
            if (step == WarmUp) (tensors, bytes) = (ProcessMemory.LiveTensors(), ProcessMemory.Resident());
            using TrainingBatch batch = maker.Make(step, () => false)!;
            trainer.Step(step, [batch]);
        }

        Assert.Equal(tensors, ProcessMemory.LiveTensors());
        long now = ProcessMemory.Resident();
        Assert.True(now - bytes < MostGrowth, $"{bytes >> 20} MB after {WarmUp} steps and {now >> 20} MB after {Steps}.");
    }

    private static ModelConfiguration Small() => TinyConfiguration.Value with
    {
        Transform = new() { MinSizes = [Side], MaxSize = Side },
        Backbone = new() { StageBlocks = [1, 1, 1, 1], StemWidth = 8, InnerWidths = [4, 4, 8, 8], StageWidths = [8, 8, 16, 16], Norm = new() { Kind = NormKind.Batch } },
        Fpn = new() { Channels = 8 },
        Rpn = new() { AnchorSizes = [[8], [16], [32], [64], [128]], PreNmsTopN = 50, PostNmsTopN = 50 },
        BoxHead = new() { Width = 16 },
        MaskHead = new() { ConvolutionWidths = [8], PredictorWidth = 8 },
        Classes = 2,
    };

    private static TrainingDataset Dataset() => TrainingDataset.Of(
    [
        .. Enumerable.Range(0, 4).Select(i => new TrainingSample(
            i, new RgbImage(Side, Side, [.. Enumerable.Range(0, Side * Side * 3).Select(p => (byte)(p * (i + 3)))]),
            [.. Enumerable.Range(0, 3).Select(k => TrainingInstance.Of(1, InstanceMask.Of(4 + 18 * k, 6 + 9 * i, 14, 16, [.. Enumerable.Repeat((byte)1, 14 * 16)])!))])),
    ]);
}
