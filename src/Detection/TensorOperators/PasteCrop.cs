using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Masks;

namespace MaskRcnn.Detection.TensorOperators;

/// <summary>The pixels of an image that a mask may cover, or some columns of them.</summary>
/// <param name="Mask">Number of the mask.</param>
/// <param name="FirstX">First column.</param>
/// <param name="EndX">After the last column.</param>
/// <param name="FirstY">First row.</param>
/// <param name="EndY">After the last row.</param>
/// <param name="X">How columns lie in the mask.</param>
/// <param name="Y">How rows lie in the mask.</param>
internal readonly record struct PasteCrop(int Mask, int FirstX, int EndX, int FirstY, int EndY, PasteAxis X, PasteAxis Y)
{
    /// <summary>Columns.</summary>
    public int Width => EndX - FirstX;

    /// <summary>Rows.</summary>
    public int Height => EndY - FirstY;

    /// <summary>The crop of a detection's box in its image's pixels; it may be empty.</summary>
    public static PasteCrop Of(int mask, Box box, int side, (int Height, int Width) image, PasteRule rule)
    {
        if (rule == PasteRule.Detectron2)
        {
            return new PasteCrop(
                mask,
                Math.Clamp((int)MathF.Floor(box.X1) - 1, 0, image.Width), Math.Clamp((int)MathF.Ceiling(box.X2) + 1, 0, image.Width),
                Math.Clamp((int)MathF.Floor(box.Y1) - 1, 0, image.Height), Math.Clamp((int)MathF.Ceiling(box.Y2) + 1, 0, image.Height),
                new PasteAxis(box.X1, box.X2), new PasteAxis(box.Y1, box.Y2));
        }

        (int x1, int y1, int x2, int y2) = MaskPaste.EnlargedBox(box, side);
        int width = Math.Max(x2 - x1 + 1, 1), height = Math.Max(y2 - y1 + 1, 1);
        return new PasteCrop(
            mask, Math.Max(x1, 0), Math.Min(x1 + width, image.Width), Math.Max(y1, 0), Math.Min(y1 + height, image.Height),
            new PasteAxis(x1, (float)(side + 2) / width), new PasteAxis(y1, (float)(side + 2) / height));
    }

    /// <summary>The crop in strips of columns that have at most a number of pixels, or one column.</summary>
    public IEnumerable<PasteCrop> Strips(int pixels)
    {
        if (Width <= 0 || Height <= 0)
            yield break;
        int columns = Math.Max(pixels / Height, 1);
        for (int x = FirstX; x < EndX; x += columns)
            yield return this with { FirstX = x, EndX = Math.Min(x + columns, EndX) };
    }
}

/// <summary>How pixels along an axis lie in the mask. torchvision: the enlarged box's first pixel, and mask cells a pixel. detectron2: the box's ends.</summary>
internal readonly record struct PasteAxis(float First, float Second);
