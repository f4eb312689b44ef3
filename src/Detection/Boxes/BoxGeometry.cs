using MaskRcnn.Detection.Inference;

namespace MaskRcnn.Detection.Boxes;

/// <summary>Areas and overlaps of boxes, in single precision.</summary>
public static class BoxGeometry
{
    /// <summary>Width times height.</summary>
    public static float Area(Box box) => (box.X2 - box.X1) * (box.Y2 - box.Y1);

    /// <summary>Intersection over union; NaN for two boxes without area.</summary>
    public static float Iou(Box a, Box b)
    {
        float width = Math.Max(Math.Min(a.X2, b.X2) - Math.Max(a.X1, b.X1), 0);
        float height = Math.Max(Math.Min(a.Y2, b.Y2) - Math.Max(a.Y1, b.Y1), 0);
        float intersection = width * height;
        return intersection / (Area(a) + Area(b) - intersection);
    }

    /// <summary>The part of a box that lies in an image.</summary>
    public static Box Clip(Box box, int height, int width) =>
        new(Math.Clamp(box.X1, 0, width), Math.Clamp(box.Y1, 0, height), Math.Clamp(box.X2, 0, width), Math.Clamp(box.Y2, 0, height));

    /// <summary>The box in an image that is resized by these ratios.</summary>
    public static Box Scale(Box box, float ratioX, float ratioY) => new(box.X1 * ratioX, box.Y1 * ratioY, box.X2 * ratioX, box.Y2 * ratioY);

    /// <summary>Whether both sides have at least a length.</summary>
    public static bool IsAtLeast(Box box, double size) => box.X2 - box.X1 >= size && box.Y2 - box.Y1 >= size;
}
