namespace MaskRcnn.Coco.Masks;

/// <summary>
/// Masks to polygons along pixel edges. Rasterising the result gives the identical mask, holes included.
/// </summary>
/// <remarks>
/// Corners lie on whole numbers, so that the rasteriser's rule puts each pixel back where it was. Each 4-connected
/// component is one polygon. A hole is joined to its outer ring by a slit of no width, walked both ways: COCO's
/// format has no other way to write an object with holes as a polygon.
/// Work and memory grow with the mask's runs, not with its pixels.
/// </remarks>
public static class MaskOutline
{
    /// <summary>The outline of one 4-connected component: the outer ring and the rings of its holes.</summary>
    /// <param name="Outer">x₀, y₀, x₁, y₁, …; pixel corners.</param>
    /// <param name="Holes">Rings in the same form.</param>
    public sealed record Component(double[] Outer, IReadOnlyList<double[]> Holes);

    /// <summary>Polygons that rasterise to the identical mask; none for an empty mask.</summary>
    /// <param name="rle">The mask.</param>
    public static IReadOnlyList<double[]> ToPolygons(Rle rle)
    {
        var polygons = new List<double[]>();
        foreach (Component component in Trace(rle)) polygons.Add(component.Holes.Count == 0 ? component.Outer : Slit(component));
        return polygons;
    }

    /// <summary>The outlines of the mask's 4-connected components, in column-major order of their first pixel.</summary>
    /// <param name="rle">The mask.</param>
    public static IReadOnlyList<Component> Trace(Rle rle)
    {
        ArgumentNullException.ThrowIfNull(rle);
        var slabs = new MaskSlabs(rle);
        int[] components = slabs.Components(out int count);
        var outers = new double[count][];
        var holes = new List<double[]>[count];
        for (int c = 0; c < count; c++) holes[c] = [];
        foreach (OutlineEdges.Ring ring in new OutlineEdges(slabs).Rings())
        {
            int component = components[ring.Interval];
            if (ring.IsHole) holes[component].Add(ring.Corners);
            else outers[component] = ring.Corners;
        }
        return [.. outers.Select((outer, c) => new Component(outer, holes[c]))];
    }

    /// <summary>One ring: the outer one and, from its last corner, a slit to each hole and back.</summary>
    private static double[] Slit(Component component)
    {
        // A slit crosses each pixel column twice at the same height, and two equal boundary points cancel.
        var ring = new List<double>(component.Outer);
        double x = ring[^2], y = ring[^1];
        foreach (double[] hole in component.Holes) ring.AddRange([.. hole, hole[0], hole[1], x, y]);
        return [.. ring];
    }
}
