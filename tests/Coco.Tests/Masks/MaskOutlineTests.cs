using CsCheck;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Tests.Masks;

public sealed class MaskOutlineTests
{
    [Fact]
    public void Random_masks_come_back_from_their_polygons() => MaskGen.Any.Sample(mask => ComesBack(mask), iter: 3000);

    [Fact]
    public void Every_mask_of_four_by_four_pixels_comes_back_from_its_polygons()
    {
        for (int bits = 1; bits < 1 << 16; bits++)
        {
            var pixels = new byte[16];
            for (int i = 0; i < 16; i++) pixels[i] = (byte)(bits >> i & 1);
            ComesBack(new DenseMask(4, 4, pixels));
        }
    }

    [Fact]
    public void A_hole_in_a_hole_comes_back()
    {
        DenseMask mask = DenseMask.FromRows(
            "###########",
            "#.........#",
            "#.#######.#",
            "#.#.....#.#",
            "#.#.###.#.#",
            "#.#.#.#.#.#",
            "#.#.###.#.#",
            "#.#.....#.#",
            "#.#######.#",
            "#.........#",
            "###########");
        ComesBack(mask);
        IReadOnlyList<MaskOutline.Component> components = MaskOutline.Trace(MaskGen.ToRle(mask));
        Assert.Equal(3, components.Count);
        Assert.All(components, component => Assert.Single(component.Holes));
        Assert.Equal([0, 11, 0, 0, 11, 0, 11, 11], Rotated(components[0].Outer, 0, 11));
    }

    [Fact]
    public void Pixels_that_touch_at_a_corner_only_are_two_components()
    {
        DenseMask mask = DenseMask.FromRows(
            "#.#",
            ".#.",
            "#.#");
        ComesBack(mask);
        Assert.Equal(5, MaskOutline.Trace(MaskGen.ToRle(mask)).Count);
    }

    [Fact]
    public void Holes_that_touch_at_a_corner_come_back()
    {
        DenseMask mask = DenseMask.FromRows(
            "######",
            "#.##.#",
            "##..##",
            "##..##",
            "#.##.#",
            "######");
        ComesBack(mask);
        Assert.Single(MaskOutline.Trace(MaskGen.ToRle(mask)));
    }

    [Fact]
    public void A_gap_that_is_open_at_a_corner_belongs_to_the_outer_ring()
    {
        DenseMask mask = DenseMask.FromRows(
            "###",
            "#.#",
            "##.");
        ComesBack(mask);
        MaskOutline.Component component = Assert.Single(MaskOutline.Trace(MaskGen.ToRle(mask)));
        Assert.Empty(component.Holes);
        Assert.Equal(20, component.Outer.Length);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 200)]
    [InlineData(200, 1)]
    [InlineData(37, 53)]
    public void A_full_mask_is_its_rectangle(int height, int width)
    {
        Rle full = Rle.FromCounts(height, width, [0, (uint)(height * width)]);
        double[] polygon = Assert.Single(MaskOutline.ToPolygons(full));
        Assert.Equal([0, height, 0, 0, width, 0, width, height], Rotated(polygon, 0, height));
        Assert.True(PolygonRasterizer.Rasterize(polygon, height, width).SameAs(full));
    }

    [Fact]
    public void An_empty_mask_has_no_polygon()
    {
        Assert.Empty(MaskOutline.ToPolygons(Rle.Empty(5, 7)));
        Assert.Empty(MaskOutline.ToPolygons(Rle.Empty(0, 0)));
        Assert.Empty(MaskOutline.ToPolygons(Rle.FromCounts(2, 2, [1, 0, 3])));
    }

    [Fact]
    public void There_is_one_component_for_each_piece_of_the_mask() =>
        MaskGen.Any.Sample(mask => Assert.Equal(Pieces(mask), MaskOutline.Trace(MaskGen.ToRle(mask)).Count), iter: 200);

    private static void ComesBack(DenseMask mask)
    {
        Rle rle = MaskGen.ToRle(mask);
        IReadOnlyList<double[]> polygons = MaskOutline.ToPolygons(rle);
        if (rle.Area == 0) Assert.Empty(polygons);
        else Assert.True(PolygonRasterizer.Rasterize(polygons, mask.Height, mask.Width).SameAs(rle));
    }

    /// <summary>Components by merging labels until nothing changes: slow, and nothing like a flood fill.</summary>
    private static int Pieces(DenseMask mask)
    {
        int[] label = [.. mask.Pixels.Select((pixel, i) => pixel == 0 ? -1 : i)];
        for (bool changed = true; changed;)
        {
            changed = false;
            for (int i = 0; i < label.Length; i++)
            {
                if (i % mask.Width > 0) Join(i, i - 1);
                if (i >= mask.Width) Join(i, i - mask.Width);
            }

            void Join(int a, int b)
            {
                if (label[a] < 0 || label[b] < 0 || label[a] == label[b]) return;
                label[a] = label[b] = Math.Min(label[a], label[b]);
                changed = true;
            }
        }
        return label.Where(l => l >= 0).Distinct().Count();
    }

    /// <summary>The same ring, starting at a given corner.</summary>
    private static double[] Rotated(double[] ring, double x, double y)
    {
        int start = Enumerable.Range(0, ring.Length / 2).First(i => ring[2 * i] == x && ring[2 * i + 1] == y);
        return [.. ring[(2 * start)..], .. ring[..(2 * start)]];
    }
}
