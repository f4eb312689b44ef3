using MaskRcnn.Detection.Configuration;

namespace MaskRcnn.Detection.Tests.Golden;

/// <summary>The small model of the golden data; tests of the command line use it, too.</summary>
internal static class TinyConfiguration
{
    public static ModelConfiguration Value { get; } = new()
    {
        Name = "tiny",
        Transform = new() { MinSizes = [128], MaxSize = 200, ResizeRule = ResizeRule.SingleReciprocal },
        Backbone = new() { StageBlocks = [1, 1, 1, 1], InnerWidths = [16, 32, 64, 128], Norm = new() { Kind = NormKind.FrozenBatch } },
        Fpn = new() { Channels = 64 },
        Rpn = new() { PreNmsTopN = 300, PostNmsTopN = 100 },
        BoxHead = new() { Width = 128 },
        MaskHead = new() { ConvolutionWidths = [64, 64, 64, 64], PredictorWidth = 64 },
        Classes = 5,
        PostProcessing = new() { MaxDetections = 20 },
    };
}
