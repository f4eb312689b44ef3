using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Weights;
using MaskRcnn.Detection.Weights.Layout;

namespace MaskRcnn.Detection.Tests.Weights;

/// <summary>A model with every part, of few numbers.</summary>
internal static class SmallModel
{
    public static ModelConfiguration Configuration { get; } = new()
    {
        Name = "small",
        Classes = 3,
        Categories = [new(1, 7, "cell"), new(2, 9, "kern ü")],
        Backbone = new() { StageBlocks = [1, 1, 1, 1], StemWidth = 2, InnerWidths = [2, 2, 2, 2], StageWidths = [4, 4, 4, 4], Norm = new() { Kind = NormKind.Batch } },
        Fpn = new() { Channels = 2 },
        BoxHead = new() { PooledSize = 1, Width = 2 },
        MaskHead = new() { PooledSize = 2, ConvolutionWidths = [2], PredictorWidth = 2 },
        KeypointHead = new() { Keypoints = 2, PooledSize = 2, ConvolutionWidths = [2] },
    };

    /// <summary>Weights of a model: floating point numbers count up in quarters, integers are 5.</summary>
    public static StateDict Weights(ModelConfiguration configuration)
    {
        int next = 0;
        return new([.. TorchvisionLayout.Expected(configuration).Select(Tensor)]);

        StoredTensor Tensor(ExpectedTensor expected)
        {
            int count = (int)expected.Shape.Aggregate(1L, (product, size) => product * size);
            byte[] bytes = expected.Type == TensorType.I64
                ? [.. Enumerable.Repeat(5L, count).SelectMany(BitConverter.GetBytes)]
                : [.. Enumerable.Range(0, count).SelectMany(_ => BitConverter.GetBytes(next++ % 1000 / 4f))];
            return new StoredTensor(expected.Name, expected.Type, expected.Shape, bytes);
        }
    }
}
