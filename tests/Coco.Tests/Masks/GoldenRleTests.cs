using System.Text.Json;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Tests.Masks;

/// <summary>Masks against rle.json, the answers of pycocotools 2.0.11.</summary>
public sealed class GoldenRleTests
{
    private static readonly JsonElement Golden = JsonDocument.Parse(TestData.Bytes("rle.json")).RootElement;

    [Fact]
    public void Dense_masks_encode_to_the_reference_runs_string_area_and_box()
    {
        foreach (JsonElement test in Golden.GetProperty("encode").EnumerateArray())
        {
            int height = test.GetProperty("h").GetInt32(), width = test.GetProperty("w").GetInt32();
            // The larger masks are stored by their runs only.
            byte[] mask = test.TryGetProperty("rows", out JsonElement rows)
                ? [.. rows.EnumerateArray().SelectMany(row => row.GetString()!.Select(c => (byte)(c - '0')))]
                : Transpose([.. Counts(test.GetProperty("counts")).SelectMany((run, i) => Enumerable.Repeat((byte)(i % 2), (int)run))], height, width);

            Rle rle = RleDense.Encode(mask, height, width);

            Assert.Equal(Counts(test.GetProperty("counts")), rle.Counts.ToArray());
            Assert.Equal(test.GetProperty("rle").GetProperty("counts").GetString(), rle.ToCompressed());
            Assert.Equal(test.GetProperty("area").GetInt64(), rle.Area);
            Assert.Equal(Box(test.GetProperty("bbox")), rle.BoundingBox);
            Assert.Equal(mask, RleDense.Decode(Read(test.GetProperty("rle"))));
        }
    }

    [Fact]
    public void Polygons_rasterise_to_the_reference_runs()
    {
        foreach (JsonElement test in Golden.GetProperty("poly").EnumerateArray())
        {
            string name = test.GetProperty("name").GetString()!;
            int height = test.GetProperty("h").GetInt32(), width = test.GetProperty("w").GetInt32();
            double[][] parts = [.. test.GetProperty("polys").EnumerateArray().Select(Doubles)];

            Rle rle = PolygonRasterizer.Rasterize(parts, height, width);

            Assert.True(Counts(test.GetProperty("counts")).AsSpan().SequenceEqual(rle.Counts), name);
            Assert.Equal(test.GetProperty("rle").GetProperty("counts").GetString(), rle.ToCompressed());
            Assert.Equal(test.GetProperty("area").GetInt64(), rle.Area);
            Assert.Equal(Box(test.GetProperty("bbox")), rle.BoundingBox);
            JsonElement[] partCounts = [.. test.GetProperty("part_counts").EnumerateArray()];
            for (int i = 0; i < parts.Length; i++)
                Assert.Equal(Counts(partCounts[i]), PolygonRasterizer.Rasterize(parts[i].AsSpan(), height, width).Counts.ToArray());
        }
    }

    [Fact]
    public void Boxes_rasterise_to_the_reference_runs()
    {
        foreach (JsonElement test in Golden.GetProperty("bbox2rle").EnumerateArray())
        {
            Rle rle = PolygonRasterizer.Rasterize(Box(test.GetProperty("bbox")), test.GetProperty("h").GetInt32(), test.GetProperty("w").GetInt32());
            Assert.Equal(Counts(test.GetProperty("counts")), rle.Counts.ToArray());
        }
    }

    [Fact]
    public void Union_and_intersection_give_the_reference_strings()
    {
        JsonElement merge = Golden.GetProperty("merge");
        Rle[] inputs = [.. merge.GetProperty("inputs").EnumerateArray().Select(Read)];
        Assert.Equal(Text("union"), Rle.Union(inputs).ToCompressed());
        Assert.Equal(Text("intersect"), Rle.Intersection(inputs).ToCompressed());
        Assert.Equal(Text("union2"), Rle.Union(inputs[..2]).ToCompressed());
        Assert.Equal(Text("single"), Rle.Union(inputs[..1]).ToCompressed());

        string Text(string name) => merge.GetProperty(name).GetProperty("counts").GetString()!;
    }

    [Fact]
    public void Iou_of_masks_and_boxes_is_the_reference_number_to_the_last_bit()
    {
        JsonElement iou = Golden.GetProperty("iou");
        Rle[] detections = [.. iou.GetProperty("rle_dt").EnumerateArray().Select(Read)];
        Rle[] groundTruths = [.. iou.GetProperty("rle_gt").EnumerateArray().Select(Read)];
        bool[] crowd = [.. iou.GetProperty("iscrowd").EnumerateArray().Select(c => c.GetInt32() == 1)];
        double[][] expected = [.. iou.GetProperty("out").EnumerateArray().Select(Doubles)];
        for (int d = 0; d < detections.Length; d++)
        {
            for (int g = 0; g < groundTruths.Length; g++) Assert.Equal(expected[d][g], Rle.Iou(detections[d], groundTruths[g], crowd[g]));
        }

        BoundingBox[] detectionBoxes = [.. iou.GetProperty("bb_dt").EnumerateArray().Select(Box)];
        BoundingBox[] groundTruthBoxes = [.. iou.GetProperty("bb_gt").EnumerateArray().Select(Box)];
        bool[] boxCrowd = [.. iou.GetProperty("bb_iscrowd").EnumerateArray().Select(c => c.GetInt32() == 1)];
        double[][] expectedBoxes = [.. iou.GetProperty("bb_out").EnumerateArray().Select(Doubles)];
        for (int d = 0; d < detectionBoxes.Length; d++)
        {
            for (int g = 0; g < groundTruthBoxes.Length; g++)
                Assert.Equal(expectedBoxes[d][g], BoundingBox.Iou(detectionBoxes[d], groundTruthBoxes[g], boxCrowd[g]));
        }
    }

    private static byte[] Transpose(byte[] columnMajor, int height, int width) =>
        [.. from y in Enumerable.Range(0, height) from x in Enumerable.Range(0, width) select columnMajor[x * height + y]];

    private static Rle Read(JsonElement rle) =>
        Rle.FromCompressed(rle.GetProperty("size")[0].GetInt32(), rle.GetProperty("size")[1].GetInt32(), rle.GetProperty("counts").GetString()!);

    private static uint[] Counts(JsonElement counts) => [.. counts.EnumerateArray().Select(c => c.GetUInt32())];

    private static double[] Doubles(JsonElement numbers) => [.. numbers.EnumerateArray().Select(n => n.GetDouble())];

    private static BoundingBox Box(JsonElement box) => new(box[0].GetDouble(), box[1].GetDouble(), box[2].GetDouble(), box[3].GetDouble());
}
