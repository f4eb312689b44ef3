using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Detection.Rpn;

/// <summary>
/// Anchors: boxes of fixed sizes and ratios around each location of each level. Their grid starts at the image's
/// corner; its stride is the padded size divided by the level's size, in whole pixels.
/// </summary>
public sealed class AnchorGenerator(RpnConfiguration configuration)
{
    private readonly Box[][] _cells = [.. configuration.AnchorSizes.Select(sizes => Cell(sizes, configuration.AspectRatios))];

    /// <summary>The anchors of a level around (0, 0), ratios outermost, rounded to whole pixels (half to even).</summary>
    public IReadOnlyList<Box> Cell(int level) => _cells[level];

    /// <summary>The stride of a level in pixels.</summary>
    /// <param name="padded">Length of the padded image.</param>
    /// <param name="features">Length of the level's features.</param>
    public static int Stride(int padded, int features) => padded / features;

    /// <summary>The anchor of a level with an index in the order y, x, anchor.</summary>
    /// <param name="level">The level.</param>
    /// <param name="index">(y · width + x) · A + anchor.</param>
    /// <param name="width">The level's width.</param>
    /// <param name="strideY">Vertical stride in pixels.</param>
    /// <param name="strideX">Horizontal stride in pixels.</param>
    public Box At(int level, int index, int width, int strideY, int strideX)
    {
        Box[] cell = _cells[level];
        (int location, int anchor) = Math.DivRem(index, cell.Length);
        (int y, int x) = Math.DivRem(location, width);
        Box box = cell[anchor];
        return new Box(x * strideX + box.X1, y * strideY + box.Y1, x * strideX + box.X2, y * strideY + box.Y2);
    }

    /// <summary>All anchors of an image, level after level.</summary>
    /// <param name="paddedHeight">Height of the padded image.</param>
    /// <param name="paddedWidth">Width of the padded image.</param>
    /// <param name="features">Height and width of each level.</param>
    public Box[] All(int paddedHeight, int paddedWidth, IReadOnlyList<(int Height, int Width)> features)
    {
        List<Box> anchors = [];
        for (int level = 0; level < features.Count; level++)
        {
            (int height, int width) = features[level];
            int strideY = Stride(paddedHeight, height), strideX = Stride(paddedWidth, width);
            for (int index = 0; index < height * width * _cells[level].Length; index++)
                anchors.Add(At(level, index, width, strideY, strideX));
        }

        return [.. anchors];
    }

    private static Box[] Cell(IReadOnlyList<float> sizes, IReadOnlyList<float> ratios)
    {
        List<Box> anchors = [];
        foreach (float ratio in ratios)
        {
            float heightRatio = MathF.Sqrt(ratio), widthRatio = 1 / heightRatio;
            foreach (float size in sizes)
            {
                float width = MathF.Round(widthRatio * size / 2, MidpointRounding.ToEven), height = MathF.Round(heightRatio * size / 2, MidpointRounding.ToEven);
                anchors.Add(new Box(
                    MathF.Round(-(widthRatio * size) / 2, MidpointRounding.ToEven), MathF.Round(-(heightRatio * size) / 2, MidpointRounding.ToEven), width, height));
            }
        }

        return [.. anchors];
    }
}
