using System.Text.Json;
using CsCheck;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Formats;
using MaskRcnn.Coco.Json;
using MaskRcnn.Coco.Masks;
using MaskRcnn.Coco.Tests.Formats.Images;

namespace MaskRcnn.Coco.Tests.Formats.Panoptic;

public sealed class PanopticTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Objects_that_do_not_overlap_come_back_to_the_pixel()
    {
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, 12]).SelectMany((w, h) => Gen.Int[0, 3].Array[w * h].Select(labels => (w, h, labels))).Sample(test =>
        {
            string folder = $"{Guid.NewGuid():N}/";
            CocoAnnotation[] objects =
            [
                .. Enumerable.Range(1, 3).Select(l => RleDense.Encode([.. test.labels.Select(p => (byte)(p == l ? 1 : 0))], test.h, test.w))
                    .Select((m, i) => SampleData.Object(i + 1, 7, m, 1 + i % 2, crowd: i == 1)).Where(o => o.Area > 0),
            ];
            CocoDataset dataset = SampleData.Dataset([SampleData.Image(7, test.w, test.h, "sub/a.jpg")], objects, "cat", "dog");
            Files.Convert(
                SampleData.WriteDataset(_folder, folder + "in.json", dataset), ConversionTarget.Panoptic,
                _folder.File(folder + "p.json")).Balanced();
            Files.Convert(_folder.File(folder + "p.json"), ConversionTarget.Coco, _folder.File(folder + "out.json")).Balanced();

            CocoDataset output = Files.Read(_folder.File(folder + "out.json"));
            Assert.Equal((7L, "sub/a.jpg"), (output.Images[0].Id, output.Images[0].FileName));
            Assert.Equal(
                objects.Select(o => (o.CategoryId, o.IsCrowd, o.Area, o.Box)),
                output.Annotations.Select(o => (o.CategoryId, o.IsCrowd, o.Area, o.Box)));
            Assert.All(objects.Zip(output.Annotations), pair => Assert.True(SampleData.MaskOf(dataset, pair.First).SameAs(SampleData.MaskOf(output, pair.Second))));
        }, iter: 100);
    }

    [Fact]
    public void Segments_say_what_is_visible_in_the_png()
    {
        string input = SampleData.WriteDataset(_folder, "in.json", SampleData.Dataset([SampleData.Image(1, 4, 1)],
            [SampleData.Object(1, 1, SampleData.Mask("####")), SampleData.Object(2, 1, SampleData.Mask("##.."), 2), SampleData.Object(3, 1, SampleData.Mask("##.."))], "cat", "dog"));
        ConversionReport report = Files.Convert(input, ConversionTarget.Panoptic, _folder.File("p.json")).Balanced();

        Assert.Equal((2, 1, 2L), (report.ObjectsOut, report.SkippedHidden, report.OverlappingPixels));
        Assert.Equal([2u, 0, 0, 2, 0, 0, 1, 0, 0, 1, 0, 0], PlainPng.Decode(File.ReadAllBytes(_folder.File("p/1.png"))).Samples);
        using var json = JsonDocument.Parse(File.ReadAllText(_folder.File("p.json")));
        Assert.Equal(
            """{"image_id":1,"file_name":"1.png","segments_info":[{"id":1,"category_id":1,"area":2,"bbox":[2,0,2,1],"iscrowd":0},{"id":2,"category_id":2,"area":2,"bbox":[0,0,2,1],"iscrowd":0}]}""",
            json.RootElement.GetProperty("annotations")[0].GetRawText());
        Assert.Equal(1, json.RootElement.GetProperty("categories")[0].GetProperty("isthing").GetInt32());
    }

    [Fact]
    public void Ids_are_read_from_all_three_colours()
    {
        const uint id = 5 + 256 * 6 + 65536 * 7;
        string file = Panoptic($$"""{"image_id": 1, "file_name": "a.png", "segments_info": [{"id": {{id}}, "category_id": 1, "iscrowd": 1, "area": 2}]}""");
        _folder.Write("p/a.png", PlainPng.Encode(2, 1, 8, 3, (x, _, c) => x == 0 ? 0u : 5u + (uint)c));
        Files.Convert(file, ConversionTarget.Coco, _folder.File("out.json"));
        CocoAnnotation read = Assert.Single(Files.Read(_folder.File("out.json")).Annotations);
        Assert.Equal((1d, true, new BoundingBox(1, 0, 1, 1)), (read.Area, read.IsCrowd, read.Box));
    }

    [Fact]
    public void A_segment_without_a_pixel_is_counted()
    {
        string file = Panoptic("""{"image_id": 1, "file_name": "a.png", "segments_info": [{"id": 1, "category_id": 1}, {"id": 2, "category_id": 1}]}""");
        _folder.Write("p/a.png", PlainPng.Encode(2, 1, 8, 3, (_, _, c) => c == 0 ? 1u : 0));
        ConversionReport report = Files.Convert(file, ConversionTarget.Coco, _folder.File("out.json")).Balanced();
        Assert.Equal((2, 1, 1), (report.ObjectsIn, report.ObjectsOut, report.SkippedEmptyMasks));
    }

    [Theory]
    [InlineData("""{"image_id": 1, "file_name": "a.png", "segments_info": []}""", "pixels of the segment 1")]
    [InlineData("""{"image_id": 9, "file_name": "a.png", "segments_info": []}""", "\"image_id\" 9")]
    [InlineData("""{"image_id": 1, "file_name": "b.png", "segments_info": []}""", "b.png: no such file")]
    [InlineData("""{"image_id": 1, "file_name": "../in/a.png", "segments_info": []}""", "the annotation of image 1: the file name is")]
    [InlineData("""{"image_id": 1, "file_name": "a.png", "segments_info": [{"id": 1, "category_id": 1}, {"id": 1, "category_id": 1}]}""", "two segments with the id 1")]
    [InlineData("""{"image_id": 1, "file_name": "a.png", "segments_info": [{"id": 1, "category_id": 5}]}""", "\"category_id\" is 5")]
    [InlineData("""{"image_id": 1, "file_name": "grey.png", "segments_info": []}""", "expected red, green and blue")]
    [InlineData("""{"image_id": 1, "file_name": "large.png", "segments_info": []}""", "3 × 1 pixels; expected the 2 × 1")]
    public void A_file_that_does_not_agree_with_its_pngs_is_refused(string annotation, string problem)
    {
        string file = Panoptic(annotation);
        _folder.Write("p/a.png", PlainPng.Encode(2, 1, 8, 3, (_, _, c) => c == 0 ? 1u : 0));
        _folder.Write("p/grey.png", PlainPng.Encode(2, 1, 8, 1, (_, _, _) => 1));
        _folder.Write("p/large.png", PlainPng.Encode(3, 1, 8, 3, (_, _, _) => 1));
        var exception = Assert.Throws<DatasetContentException>(() => Files.Convert(
            file, ConversionTarget.Coco, _folder.File("out.json"), DatasetKind.Panoptic));
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"file_name": "a.png", "segments_info": []}""", "no \"image_id\"")]
    [InlineData("""{"image_id": 1, "file_name": "a.png", "segments_info": {}}""", "\"segments_info\" is an object")]
    [InlineData("""{"image_id": 1, "file_name": "a.png", "segments_info": [{"id": 16777216, "category_id": 1}]}""", "\"id\" is 16777216")]
    [InlineData("""{"image_id": 1, "file_name": "a.png", "segments_info": [{"id": 1}]}""", "no \"category_id\"")]
    public void Malformed_annotations_are_refused_with_their_line(string annotation, string problem)
    {
        var exception = Assert.Throws<CocoFormatException>(() => Files.Convert(
            Panoptic(annotation), ConversionTarget.Coco, _folder.File("out.json"), DatasetKind.Panoptic));
        Assert.Contains("line 1", exception.Message, StringComparison.Ordinal);
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_that_is_not_json_is_refused()
    {
        string input = SampleData.WriteDataset(_folder, "in.json", SampleData.Numbered(1));
        Assert.Contains(
            "does not end in .json",
            Assert.Throws<DatasetContentException>(() => Files.Convert(input, ConversionTarget.Panoptic, _folder.File("p"))).Message,
            StringComparison.Ordinal);
    }

    private string Panoptic(string annotation) => _folder.Write("p.json", $$"""
        {"images": [{"id": 1, "file_name": "a.jpg", "height": 1, "width": 2}], "annotations": [{{annotation}}], "categories": [{"id": 1, "name": "x"}]}
        """.Trim());
}
