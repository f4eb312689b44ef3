using CsCheck;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Formats;
using MaskRcnn.Coco.Masks;
using MaskRcnn.Coco.Tests.Formats.Images;

namespace MaskRcnn.Coco.Tests.Formats.LabelMap;

public sealed class LabelMapTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Objects_that_do_not_overlap_come_back_to_the_pixel()
    {
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, 12]).SelectMany((w, h) => Gen.Int[0, 3].Array[w * h].Select(labels => (w, h, labels))).Sample(test =>
        {
            string folder = $"{Guid.NewGuid():N}/";
            Rle[] masks = [.. Enumerable.Range(1, 3).Select(l => RleDense.Encode([.. test.labels.Select(p => (byte)(p == l ? 1 : 0))], test.h, test.w))];
            string input = SampleData.WriteDataset(
                _folder, folder + "in.json",
                SampleData.Dataset([SampleData.Image(1, test.w, test.h, "sub/a.jpg")], masks.Select((m, i) => SampleData.Object(i + 1, 1, m))));
            ConversionReport report = Files.Convert(input, ConversionTarget.LabelMap, _folder.File(folder + "maps")).Balanced();
            Files.Convert(_folder.File(folder + "maps"), ConversionTarget.Coco, _folder.File(folder + "out.json")).Balanced();

            Rle[] expected = [.. masks.Where(m => m.Area > 0)];
            Assert.Equal((3 - expected.Length, 0L), (report.SkippedEmptyMasks, report.OverlappingPixels));
            CocoDataset output = Files.Read(_folder.File(folder + "out.json"));
            Assert.Equal("sub/a.png", output.Images[0].FileName);
            Assert.Equal(expected.Length, output.Annotations.Count);
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.True(expected[i].SameAs(SampleData.MaskOf(output, output.Annotations[i])));
                Assert.Equal((expected[i].Area, expected[i].BoundingBox), (output.Annotations[i].Area, output.Annotations[i].Box));
            }
        }, iter: 100);
    }

    [Fact]
    public void The_smaller_object_is_on_top_and_what_is_lost_is_counted()
    {
        Rle large = SampleData.Mask("####"), small = SampleData.Mask("##.."), crowd = SampleData.Mask("...#");
        string input = SampleData.WriteDataset(_folder, "in.json", SampleData.Dataset([SampleData.Image(1, 4, 1)],
        [
            SampleData.Object(1, 1, large), SampleData.Object(2, 1, small) with { Keypoints = [1, 1, 2] }, SampleData.Object(3, 1, small),
            SampleData.Object(4, 1, crowd, crowd: true), SampleData.Object(5, 1, small) with { Segmentation = null },
        ]));
        ConversionReport report = Files.Convert(input, ConversionTarget.LabelMap, _folder.File("maps")).Balanced();

        Assert.Equal([2u, 2, 1, 1], PlainPng.Decode(File.ReadAllBytes(_folder.File("maps/1.png"))).Samples);
        Assert.Equal((5, 2, 1, 1, 1), (report.ObjectsIn, report.ObjectsOut, report.SkippedHidden, report.SkippedCrowds, report.SkippedWithoutMask));
        Assert.Equal((2L, 1, 1), (report.OverlappingPixels, report.LostMembers, report.LostCategories));
    }

    [Fact]
    public void Up_to_65535_objects_are_a_16_bit_png_and_more_a_32_bit_tiff()
    {
        foreach ((int objects, string file) in new[] { (65535, "1.png"), (65536, "1.tif") })
        {
            IEnumerable<CocoAnnotation> pixels = Enumerable.Range(0, objects).Select(i => SampleData.Object(i + 1, 1, Rle.FromCounts(256, 256, [(uint)i, 1, (uint)(65535 - i)])));
            string input = SampleData.WriteDataset(_folder, "in.json", SampleData.Dataset([SampleData.Image(1, 256, 256)], pixels));
            Files.Convert(input, ConversionTarget.LabelMap, _folder.File("maps"));
            byte[] written = File.ReadAllBytes(_folder.File("maps/" + file));
            uint[] samples = file == "1.png" ? PlainPng.Decode(written).Samples : PlainTiff.Decode32(written).Samples;
            Assert.Equal((uint)Math.Min(objects, 65536), samples.Max());
            Assert.Equal(objects, samples.Where(s => s > 0).Distinct().Count());
        }
    }

    [Fact]
    public void A_label_in_two_places_is_one_object_of_two_parts()
    {
        _folder.Write("maps/a.png", PlainPng.Encode(5, 1, 8, 1, (x, _, _) => new uint[] { 9, 0, 4, 0, 9 }[x]));
        Files.Convert(_folder.File("maps"), ConversionTarget.Polygons, _folder.File("out.json"));
        CocoDataset output = Files.Read(_folder.File("out.json"));
        Assert.Equal([1, 2], output.Annotations.Select(a => ((Segmentation.Polygons)a.Segmentation!).Parts.Count));
        Assert.Equal((1L, "object"), (output.Categories[0].Id, output.Categories[0].Name));
    }

    [Fact]
    public void Image_names_and_the_category_come_from_where_they_are_given()
    {
        _folder.Write("maps/a.png", PlainPng.Encode(3, 2, 8, 1, (_, _, _) => 1));
        _folder.Write("images/a.png", PlainPng.Encode(3, 2, 8, 3, (_, _, _) => 1));
        string category = _folder.Write("category.json", """[{"id": 18, "name": "nucleus"}]""");
        Files.Convert(_folder.File("maps"), ConversionTarget.Coco, _folder.File("out.json"), images: _folder.File("images"), categories: category);
        CocoDataset output = Files.Read(_folder.File("out.json"));
        Assert.Equal(("a.png", 18L, "nucleus"), (output.Images[0].FileName, output.Annotations[0].CategoryId, output.Categories[0].Name));

        Refused(() => Files.Convert(
            _folder.File("maps"), ConversionTarget.Coco, _folder.File("x.json"), categories: _folder.Write("two.txt", "a\nb")), "two.txt: 2 categories");
        _folder.Write("images/a.png", PlainPng.Encode(9, 2, 8, 3, (_, _, _) => 1));
        Refused(() => Files.Convert(
            _folder.File("maps"), ConversionTarget.Coco, _folder.File("x.json"), images: _folder.File("images")), "3 × 2 pixels; expected the 9 × 2");
        File.Delete(_folder.File("images/a.png"));
        Refused(() => Files.Convert(
            _folder.File("maps"), ConversionTarget.Coco, _folder.File("x.json"), images: _folder.File("images")), "without an image");
    }

    private static void Refused(Action convert, string problem) =>
        Assert.Contains(problem, Assert.Throws<DatasetContentException>(convert).Message, StringComparison.Ordinal);
}
