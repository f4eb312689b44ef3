using CsCheck;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Formats;
using MaskRcnn.Coco.Masks;

namespace MaskRcnn.Coco.Tests.Formats;

public sealed class DatasetConverterTests : IDisposable
{
    private static readonly Rle Ring = SampleData.Mask("###.", "#.#.", "###.", "...#");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rle_to_polygons_and_back_is_the_identical_mask_for_every_object()
    {
        SampleData.Masks.Sample(mask =>
        {
            string folder = $"{Guid.NewGuid():N}/";
            string input = Write(folder + "in.json", SampleData.Dataset(
                [SampleData.Image(1, mask.Width, mask.Height)], [SampleData.Object(1, 1, mask)]));
            ConversionReport there = Files.Convert(input, ConversionTarget.Polygons, _folder.File(folder + "polygons.json")).Balanced();
            Files.Convert(_folder.File(folder + "polygons.json"), ConversionTarget.Rle, _folder.File(folder + "rle.json")).Balanced();

            CocoAnnotation polygons = Files.Read(_folder.File(folder + "polygons.json")).Annotations[0], rle = Files.Read(_folder.File(folder + "rle.json")).Annotations[0];
            Assert.Equal(mask.Area == 0 ? 1 : 0, there.KeptAsRle);
            Assert.Equal(mask.Area == 0, polygons.Segmentation is Segmentation.CompressedRle);
            Assert.True(mask.SameAs(rle.Segmentation!.ToRle(mask.Height, mask.Width)));
        }, iter: 300);
    }

    [Fact]
    public void Every_way_of_writing_a_mask_is_the_same_mask()
    {
        string input = Write("in.json", SampleData.Dataset(
            [SampleData.Image(1, 4, 4)], [SampleData.Object(1, 1, Ring), SampleData.Object(2, 1, Ring, crowd: true)]));
        // Each from the file before: a crowd stays as it was where polygons are asked for.
        foreach ((ConversionTarget to, Type written, Type crowd) in new[]
        {
            (ConversionTarget.RleUncompressed, typeof(Segmentation.UncompressedRle), typeof(Segmentation.UncompressedRle)),
            (ConversionTarget.Coco, typeof(Segmentation.CompressedRle), typeof(Segmentation.CompressedRle)),
            (ConversionTarget.Polygons, typeof(Segmentation.Polygons), typeof(Segmentation.CompressedRle)),
            (ConversionTarget.Rle, typeof(Segmentation.CompressedRle), typeof(Segmentation.CompressedRle)),
        })
        {
            Files.Convert(input, to, _folder.File($"{to}.json")).Balanced();
            input = _folder.File($"{to}.json");
            CocoDataset output = Files.Read(input);
            Assert.Equal([written, crowd], output.Annotations.Select(a => a.Segmentation!.GetType()));
            Assert.All(output.Annotations, a => Assert.True(Ring.SameAs(SampleData.MaskOf(output, a))));
        }
    }

    [Fact]
    public void Coco_keeps_polygons_and_everything_else_of_the_file()
    {
        const string json = """{"info": {"year": 2020}, "images": [{"id": 1, "file_name": "a.jpg", "height": 4, "width": 4, "license": 3}], "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [0,0,2,2], "area": 4, "iscrowd": 0, "segmentation": [[0,0,2,0,2,2.5]], "mine": true}], "categories": [{"id": 1, "name": "a"}]}""";
        Files.Convert(_folder.Write("in.json", json), ConversionTarget.Coco, _folder.File("out.json"));
        CocoDataset output = Files.Read(_folder.File("out.json"));
        Assert.Equal([0, 0, 2, 0, 2, 2.5], Assert.Single(((Segmentation.Polygons)output.Annotations[0].Segmentation!).Parts));
        Assert.Equal(("mine", "license", "info"), (output.Annotations[0].Extra[0].Name, output.Images[0].Extra[0].Name, output.Extra[0].Name));
    }

    [Fact]
    public void Results_are_converted_by_the_size_of_their_masks_and_boxes_stay()
    {
        CocoAnnotation detection = new() { ImageId = 5, CategoryId = 2, Score = .25, Segmentation = Segmentation.CompressedRle.From(Ring) };
        CocoWriter.WriteResults(_folder.File("in.json"), [detection, new CocoAnnotation { ImageId = 6, CategoryId = 1, Score = .5, Box = new BoundingBox(1, 2, 3, 4) }]);

        ConversionReport report = Files.Convert(_folder.File("in.json"), ConversionTarget.Polygons, _folder.File("out.json")).Balanced();

        Assert.Equal((DatasetKind.Results, 2, 2, 1), (report.From, report.Images, report.ObjectsOut, report.WithoutMask));
        IReadOnlyList<CocoAnnotation> output = CocoReader.ReadResults(_folder.File("out.json"), TestContext.Current.CancellationToken);
        Assert.True(Ring.SameAs(((Segmentation.Polygons)output[0].Segmentation!).ToRle(4, 4)));
        Assert.Equal((.25, new BoundingBox(1, 2, 3, 4)), (output[0].Score, output[1].Box));
        Assert.Contains("do not say the image's size", Refused(_folder.File("out.json"), ConversionTarget.Rle).Message, StringComparison.Ordinal);
        Assert.Contains("names no images", Refused(_folder.File("in.json"), ConversionTarget.Yolo).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_kind_of_the_input_is_detected()
    {
        string coco = Write("coco.json", SampleData.Numbered(2));
        Assert.Equal(DatasetKind.Coco, DatasetConverter.Detect(coco));
        Assert.Equal(DatasetKind.Coco, DatasetConverter.Detect(_folder.Write("empty.json", "{}")));
        Assert.Equal(DatasetKind.Results, DatasetConverter.Detect(_folder.Write("results.json", "\uFEFF [ ]")));
        Assert.Equal(DatasetKind.Results, DatasetConverter.Detect(_folder.Write("results2.json", """[{"image_id": 1}]""")));
        foreach ((ConversionTarget to, DatasetKind kind) in new[] { (ConversionTarget.Yolo, DatasetKind.Yolo), (ConversionTarget.LabelMap, DatasetKind.LabelMap), (ConversionTarget.Panoptic, DatasetKind.Panoptic) })
        {
            string output = _folder.File(to == ConversionTarget.Panoptic ? "p.json" : to.ToString());
            Files.Convert(Write("in.json", SampleData.Dataset([SampleData.Image(1, 4, 4)], [SampleData.Object(1, 1, Ring)])), to, output);
            Assert.Equal(kind, DatasetConverter.Detect(output));
        }
    }

    [Theory]
    [InlineData("missing.json", null, "no such file or folder")]
    [InlineData("a.bin", "x", "not JSON")]
    [InlineData("folder/readme.md", "x", "a folder without")]
    public void An_input_of_no_known_kind_is_refused_with_the_kinds_that_are(string name, string? content, string problem)
    {
        if (content is not null) _folder.Write(name, content);
        string path = _folder.File(name.StartsWith("folder", StringComparison.Ordinal) ? "folder" : name);
        var exception = Assert.Throws<DatasetContentException>(() => DatasetConverter.Detect(path));
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
        Assert.Contains("expected a COCO JSON", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../evil.jpg")]
    [InlineData("/tmp/evil.jpg")]
    [InlineData("a/../../evil.jpg")]
    [InlineData("..\\evil.jpg")]
    [InlineData("C:evil.jpg")]
    [InlineData("")]
    [InlineData("a/.")]
    [InlineData("a/")]
    [InlineData("a\0b.jpg")]
    public void A_file_name_never_leads_out_of_the_output_folder(string name)
    {
        string input = Write("in.json", SampleData.Dataset([SampleData.Image(1), SampleData.Image(42, name: name)], []));
        foreach (ConversionTarget to in new[] { ConversionTarget.Yolo, ConversionTarget.LabelMap, ConversionTarget.Panoptic })
        {
            DatasetContentException exception = Refused(input, to, "out/deep/x.json");
            Assert.Contains("image 42: the file name is", exception.Message, StringComparison.Ordinal);
            Assert.False(Directory.Exists(_folder.File("out")), "nothing is written before all names are checked");
        }
    }

    [Fact]
    public void Two_images_that_would_share_a_file_are_refused_by_name()
    {
        string input = Write("in.json", SampleData.Dataset([SampleData.Image(1, name: "a.jpg"), SampleData.Image(2, name: "A.png")], []));
        Assert.Contains(
            "images 1 (\"a.jpg\") and 2 (\"A.png\") would both be written to", Refused(input, ConversionTarget.LabelMap).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_references_and_masks_are_refused_by_annotation()
    {
        CocoAnnotation good = SampleData.Object(3, 1, Ring);
        Case(good with { ImageId = 8 }, "annotation 3: \"image_id\" is 8");
        Case(good with { CategoryId = 8 }, "annotation 3: \"category_id\" is 8");
        Case(good with { Segmentation = new Segmentation.CompressedRle(9, 9, "04") }, "annotation 3: RLE size is [9, 9]");
        Case(good with { Segmentation = new Segmentation.CompressedRle(4, 4, "~") }, "annotation 3: RLE string");

        void Case(CocoAnnotation annotation, string problem) => Assert.Contains(
            problem, Refused(Write("in.json", SampleData.Dataset(
                [SampleData.Image(1, 4, 4)], [annotation])), ConversionTarget.RleUncompressed).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_too_large_to_draw_is_refused() => Assert.Contains("image 1: the size is 2147483647 × 2147483647", Refused(
        Write("in.json", SampleData.Dataset(
            [SampleData.Image(1, int.MaxValue, int.MaxValue)], [])), ConversionTarget.LabelMap).Message, StringComparison.Ordinal);

    [Fact]
    public void A_folder_is_not_taken_for_a_file() => Assert.Contains("a folder; expected a Results file", Assert.Throws<DatasetContentException>(() =>
        Files.Convert(_folder.Path, ConversionTarget.Rle, _folder.File("x.json"), DatasetKind.Results)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_name_with_dots_for_its_own_folder_is_the_name_without()
    {
        Files.Convert(
            Write("in.json", SampleData.Dataset([SampleData.Image(1, name: "./a//b.jpg")], [])), ConversionTarget.LabelMap,
            _folder.File("maps"));
        Assert.True(File.Exists(_folder.File("maps/a/b.png")));
    }

    [Fact]
    public void A_cancelled_conversion_leaves_no_json()
    {
        string input = Write("in.json", SampleData.Numbered(5));
        foreach (ConversionTarget to in Enum.GetValues<ConversionTarget>())
        {
            var options = new ConversionOptions { Input = input, Output = _folder.File($"{to}.json"), To = to };
            Assert.ThrowsAny<OperationCanceledException>(() => DatasetConverter.Convert(options, new CancellationToken(canceled: true)));
            Assert.False(File.Exists(options.Output));
        }
    }

    private string Write(string name, CocoDataset dataset) => SampleData.WriteDataset(_folder, name, dataset);

    private DatasetContentException Refused(string input, ConversionTarget to, string output = "refused.json") =>
        Assert.Throws<DatasetContentException>(() => Files.Convert(input, to, _folder.File(output)));
}
