using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Formats.Yolo;

/// <summary>The one polygon that YOLO has for an object.</summary>
/// <param name="Points">x₀, y₀, x₁, y₁, …, within the image, pixels.</param>
/// <param name="LostHoles">Whether the object had holes.</param>
/// <param name="LostParts">Whether the object had other parts; the largest is kept, of equal ones the first.</param>
internal sealed record YoloRing(double[] Points, bool LostHoles, bool LostParts)
{
    /// <summary>A polygon stays as it is drawn; of a mask, or of polygons that leave the image, the outline is taken.</summary>
    public static YoloRing Of(Segmentation segmentation, Rle mask, CocoImage image)
    {
        if (segmentation is Segmentation.Polygons polygons && polygons.Parts.All(part => part.Length >= 6 && IsInside(part, image)))
            return new YoloRing(polygons.Parts.MaxBy(Area)!, false, polygons.Parts.Count > 1);
        IReadOnlyList<MaskOutline.Component> components = MaskOutline.Trace(mask);
        MaskOutline.Component largest = components.MaxBy(c => Area(c.Outer) - c.Holes.Sum(Area))!;
        return new YoloRing(largest.Outer, largest.Holes.Count > 0, components.Count > 1);
    }

    private static bool IsInside(double[] polygon, CocoImage image)
    {
        for (int i = 0; i < polygon.Length; i++)
        {
            if (!(polygon[i] >= 0 && polygon[i] <= (i % 2 == 0 ? image.Width : image.Height))) return false;
        }
        return true;
    }

    private static double Area(double[] ring)
    {
        double twice = 0;
        for (int i = 0; i < ring.Length; i += 2)
        {
            int next = (i + 2) % ring.Length;
            twice += ring[i] * ring[next + 1] - ring[next] * ring[i + 1];
        }
        return Math.Abs(twice) / 2;
    }
}
