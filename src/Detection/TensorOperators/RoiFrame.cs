using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.RoiHeads;

namespace MaskRcnn.Detection.TensorOperators;

/// <summary>A region's place in the features of its level.</summary>
/// <param name="Index">Its number among all regions.</param>
/// <param name="Image">Its image.</param>
/// <param name="StartY">Upper end, in features.</param>
/// <param name="BinHeight">Height of a bin.</param>
/// <param name="StartX">Left end.</param>
/// <param name="BinWidth">Width of a bin.</param>
internal readonly record struct RoiFrame(int Index, int Image, float StartY, float BinHeight, float StartX, float BinWidth)
{
    /// <summary>The frame of a box, in <see cref="RoiAlign"/>'s order of operations.</summary>
    public static RoiFrame Of(int index, int image, Box box, float scale, RoiGeometry geometry)
    {
        float offset = geometry.Aligned ? 0.5f : 0;
        float startX = box.X1 * scale - offset, startY = box.Y1 * scale - offset;
        float width = box.X2 * scale - offset - startX, height = box.Y2 * scale - offset - startY;
        if (!geometry.Aligned)
            (width, height) = (Math.Max(width, 1), Math.Max(height, 1));
        return new RoiFrame(index, image, startY, height / geometry.Height, startX, width / geometry.Width);
    }
}
