using System.Text.Json;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Tests.Masks;

/// <summary>Hard segmentations against polygons.json, the answers of pycocotools 2.0.11.</summary>
public sealed class PolygonGoldenTests
{
    [Fact]
    public void Hard_segmentations_rasterise_to_the_reference_mask_area_and_box()
    {
        using var golden = JsonDocument.Parse(TestData.Bytes("polygons.json"));
        int cases = 0;
        foreach (JsonElement test in golden.RootElement.EnumerateArray())
        {
            string name = $"case {cases++}: {test.GetProperty("name").GetString()}";
            double[][] parts = [.. test.GetProperty("polys").EnumerateArray().Select(part => part.EnumerateArray().Select(n => n.GetDouble()).ToArray())];

            Rle rle = PolygonRasterizer.Rasterize(parts, test.GetProperty("h").GetInt32(), test.GetProperty("w").GetInt32());

            Assert.True(test.GetProperty("rle").GetString() == rle.ToCompressed(), name);
            Assert.Equal(test.GetProperty("area").GetInt64(), rle.Area);
            double[] box = [.. test.GetProperty("bbox").EnumerateArray().Select(n => n.GetDouble())];
            Assert.Equal(new BoundingBox(box[0], box[1], box[2], box[3]), rle.BoundingBox);
        }
        Assert.Equal(216, cases);
    }

    [Fact]
    public void A_polygon_far_larger_than_the_mask_takes_work_for_the_mask_only()
    {
        double far = PolygonRasterizer.MaxCoordinate;
        long before = GC.GetAllocatedBytesForCurrentThread();
        Rle rle = PolygonRasterizer.Rasterize([-far, -far, -far, far, far, far, far, -far], 480, 640);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000);
        Assert.Equal([0u, 480 * 640], rle.Counts.ToArray());
    }
}
