using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Layers;
using MaskRcnn.Detection.Training.Optimization;

namespace MaskRcnn.Detection.Training.Presets;

/// <summary>
/// A small model (under 6 M parameters) of nuclei in microscopy images, trained from random weights: small anchors, a
/// pyramid for small objects, many objects in an image.
/// </summary>
internal static class NucleiPreset
{
    private const int Crop = 256;
    private const int Channels = 128;
    private static readonly int[] Widths = [48, 96, 160, 192];

    public static TrainingConfiguration Create() => new()
    {
        Model = Model(),
        Steps = 8_000,
        BatchSize = 4,
        TrainedBackboneStages = 5,
        MinSizes = [Crop],
        Precision = Precision.Bf16,
        KeepImagesWithoutObjects = true,
        EvaluateEvery = 1000,
        EvaluationDetections = 1000,
        CheckpointEvery = 250,
        Optimizer = new() { LearningRate = 0.02, WarmUpSteps = 500, Schedule = ScheduleKind.Cosine, ClipNorm = 10, AverageDecay = 0.998, DecayNormsAndBiases = false },
        Sampling = new() { RpnPreNmsTopN = 1000, RpnPostNmsTopN = 1000, BatchSize = 128 },
        Augmentation = new()
        {
            HorizontalFlip = 0.5,
            QuarterTurns = 1,
            Crop = Crop,
            CropOnObject = 0.5,
            ShorterSide = 640,
            ScaleLow = 0.6,
            ScaleHigh = 1.6,
            KeepShare = 0.2,
            ColorProbability = 0.7,
            Brightness = 0.3,
            Contrast = 0.3,
            Saturation = 0.2,
            Hue = 0.03,
            Gamma = 0.4,
            Invert = 0.05,
            Grey = 0.1,
            BlurProbability = 0.15,
            NoiseProbability = 0.15,
        },
    };

    private static ModelConfiguration Model() => new()
    {
        Name = "maskrcnn_nuclei",
        Transform = new() { MinSizes = [640], MaxSize = 1344 },
        Backbone = new() { Block = ResidualBlock.Basic, StageBlocks = [3, 3, 3, 2], StemWidth = 32, InnerWidths = Widths, StageWidths = Widths, Norm = new() { Kind = NormKind.Batch } },
        Fpn = new() { Channels = Channels },
        Rpn = new() { AnchorSizes = [[8, 12], [16, 24], [32, 48], [64, 96], [128, 192]], PreNmsTopN = 2000, PostNmsTopN = 1500 },
        RoiPooling = new() { CanonicalSize = 112 },
        BoxHead = new() { Width = 192 },
        MaskHead = new() { ConvolutionWidths = [Channels, Channels, Channels, Channels], PredictorWidth = Channels },
        Classes = 2,
        Categories = [new LabelledCategory(1, 1, "nucleus")],
        PostProcessing = new() { MaxDetections = 1000, MaskNmsThreshold = 0.5 },
    };
}
