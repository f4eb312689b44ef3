using System.Globalization;
using System.Text;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Formats.Yolo;

/// <summary>A line of a YOLO text: the class's number, then a box or a polygon in parts of the image's size.</summary>
internal static class YoloLine
{
    // Ten decimals put a point of any image back on its pixel corner.
    private const string Number = "0.##########";

    /// <summary>The line, without its end.</summary>
    /// <param name="classNumber">The class, from 0.</param>
    /// <param name="values">Along x and y in turn: centre and size of a box, or the points of a polygon; pixels.</param>
    /// <param name="width">The image's columns.</param>
    /// <param name="height">The image's rows.</param>
    public static string Of(int classNumber, double[] values, int width, int height)
    {
        var line = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{classNumber}");
        for (int i = 0; i < values.Length; i++)
            line.Append(' ').Append((values[i] / (i % 2 == 0 ? width : height)).ToString(Number, CultureInfo.InvariantCulture));
        return line.ToString();
    }

    /// <summary>The values of a box: what of it is within the image, as its centre and size.</summary>
    public static double[] Box(BoundingBox box, int width, int height)
    {
        double left = Math.Clamp(box.X, 0, width), right = Math.Clamp(box.X + box.Width, 0, width);
        double top = Math.Clamp(box.Y, 0, height), bottom = Math.Clamp(box.Y + box.Height, 0, height);
        return [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top];
    }
}
