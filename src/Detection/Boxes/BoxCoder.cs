using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Detection.Boxes;

/// <summary>
/// Boxes relative to a reference box (Faster R-CNN, equation 2): centre offsets in units of the reference's size, and
/// the logarithm of the sizes' ratio. Single precision in torchvision's order of operations.
/// </summary>
/// <param name="weightX">Factor of the horizontal offset; the RPN uses 1, the box branch 10.</param>
/// <param name="weightY">Factor of the vertical offset.</param>
/// <param name="weightWidth">Factor of the width; the RPN uses 1, the box branch 5.</param>
/// <param name="weightHeight">Factor of the height.</param>
public sealed class BoxCoder(float weightX, float weightY, float weightWidth, float weightHeight)
{
    /// <summary>Largest logarithm of a size's ratio, ln(1000/16): a box grows at most 62.5-fold.</summary>
    internal static readonly float MaxLogRatio = (float)Math.Log(1000.0 / 16);

    /// <summary>The coder of the region proposal network.</summary>
    public static BoxCoder Proposals { get; } = new(1, 1, 1, 1);

    /// <summary>The coder of the box branch.</summary>
    public static BoxCoder Regions { get; } = new(10, 10, 5, 5);

    /// <summary>The factors of the four deltas.</summary>
    internal (float X, float Y, float Width, float Height) Weights => (weightX, weightY, weightWidth, weightHeight);

    /// <summary>The box that deltas make of a reference.</summary>
    public Box Decode(Box reference, float dx, float dy, float dw, float dh)
    {
        float width = reference.X2 - reference.X1, height = reference.Y2 - reference.Y1;
        float centreX = reference.X1 + 0.5f * width, centreY = reference.Y1 + 0.5f * height;
        float x = dx / weightX * width + centreX, y = dy / weightY * height + centreY;
        float halfWidth = 0.5f * (MathF.Exp(Math.Min(dw / weightWidth, MaxLogRatio)) * width);
        float halfHeight = 0.5f * (MathF.Exp(Math.Min(dh / weightHeight, MaxLogRatio)) * height);
        return new Box(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight);
    }

    /// <summary>The deltas that make a box of a reference.</summary>
    public (float X, float Y, float Width, float Height) Encode(Box reference, Box box)
    {
        float width = reference.X2 - reference.X1, height = reference.Y2 - reference.Y1;
        float centreX = reference.X1 + 0.5f * width, centreY = reference.Y1 + 0.5f * height;
        float boxWidth = box.X2 - box.X1, boxHeight = box.Y2 - box.Y1;
        float boxX = box.X1 + 0.5f * boxWidth, boxY = box.Y1 + 0.5f * boxHeight;
        return (
            weightX * (boxX - centreX) / width,
            weightY * (boxY - centreY) / height,
            weightWidth * MathF.Log(boxWidth / width),
            weightHeight * MathF.Log(boxHeight / height));
    }
}
