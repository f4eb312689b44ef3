using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Masks;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Inference;
using MaskRcnn.Detection.Tests.Images;
using MaskRcnn.Detection.Training.Data;

namespace MaskRcnn.Detection.Tests.Training.Data;

public sealed class TrainingDatasetTests : IDisposable
{
    private const int Width = 20, Height = 10;

    private static readonly ModelConfiguration Model = new() { Classes = 3, Categories = [new(1, 1, "cat"), new(2, 2, "dog")] };
    private static readonly CocoCategory[] Categories = [new() { Id = 30, Name = "Dog" }, new() { Id = 7, Name = "cat" }, new() { Id = 9, Name = "bird" }];

    private readonly TemporaryFolder _folder = new();

    public TrainingDatasetTests()
    {
        foreach (string name in (string[])["a.bmp", "b.bmp", "c.bmp"]) _folder.Write(name, BmpFile.Coordinates(Width, Height));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Objects_have_the_models_labels_and_their_masks_extents()
    {
        TrainingDataset data = Open(Model,
            Box(1, 30, 2, 3, 4, 5) with { Segmentation = new Segmentation.Polygons([[2.5, 3, 8, 3, 8, 7, 2.5, 7]]) },
            Box(2, 7, 0, 0, 1, 1) with { Segmentation = Segmentation.CompressedRle.From(Rle.FromCounts(Height, Width, [13, 4, Width * Height - 17])) },
            Box(3, 7, 1.5, 2, 3.25, 4));
        TrainingSample sample = data.Read(0);
        Assert.Equal((1L, Width, Height, 3), (sample.ImageId, sample.Image.Width, sample.Image.Height, sample.Instances.Count));
        Assert.Equal([17, 5, 0], sample.Image.Pixels.AsSpan((5 * Width + 17) * 3, 3).ToArray());
        Assert.Equal([2, 1, 1], sample.Instances.Select(i => i.Label));
        byte[] polygon = RleDense.Decode(PolygonRasterizer.Rasterize([[2.5, 3, 8, 3, 8, 7, 2.5, 7]], Height, Width));
        for (int i = 0; i < polygon.Length; i++) Assert.Equal(polygon[i] == 1, sample.Instances[0].Mask!.Has(i % Width, i / Width));
        // Runs go down the columns: pixels 13 to 16 are rows 3 to 6 of column 1.
        Assert.Equal(new Box(1, 3, 2, 7), sample.Instances[1].Box);
        Assert.Equal(new Box(1.5f, 2, 4.75f, 6), sample.Instances[2].Box);
        Assert.Null(sample.Instances[2].Mask);
        Assert.Equal(1, data.Report.CountOf(TrainingFindingCodes.MissingMask));
        Assert.Equal((1, 3), (data.Report.Images, data.Report.Instances));
        Assert.Equal([(1, 2), (2, 1)], data.Report.InstancesOf.OrderBy(p => p.Key).Select(p => (p.Key, p.Value)));
        Assert.Equal(new TrainingImage(1, "a.bmp", Width, Height, 3), data.Images[0]);
    }

    [Fact]
    public void What_cannot_be_trained_on_is_skipped_and_counted()
    {
        TrainingDataset data = Open(Model,
            Box(1, 7, 1, 1, 5, 5),
            Box(2, 7, -4, 2, 8, 3),
            Box(3, 7, 25, 2, 8, 3),
            Box(4, 7, 3, 3, 0, 4),
            Box(5, 7, 3, 3, 4, -4),
            Box(6, 9, 1, 1, 5, 5),
            Box(7, 7, 1, 1, 5, 5) with { IsCrowd = true },
            Box(8, 7, 1, 1, 5, 5) with { Segmentation = new Segmentation.Polygons([[50, 50, 60, 50, 60, 60]]) },
            Box(9, 7, 1, 1, 5, 5) with { Segmentation = new Segmentation.UncompressedRle(5, 5, [25]) },
            Box(10, 7, 1, 1, 5, 5) with { Box = null },
            Box(11, 7, 1, 1, 5, 5) with { ImageId = 99 },
            Box(12, 7, 25, 1, 5, 5) with { Segmentation = new Segmentation.Polygons([[1, 1, 6, 1, 6, 6, 1, 6]]) },
            Box(13, 7, -0.5, 1, 5, 5));
        Assert.Equal([1f, 0, 1, 0], data.Read(0).Instances.Select(i => i.Box.X1));
        Assert.Equal(new Box(0, 2, 4, 5), data.Read(0).Instances[1].Box);
        foreach ((string code, string sample) in ((string, string)[])[
            (TrainingFindingCodes.BoxClipped, "annotation 2 of image 1: bbox [-4, 2, 8, 3] of 20 × 10 pixels"),
            (TrainingFindingCodes.UnknownCategory, "annotation 6 of image 1: category 9"),
            (TrainingFindingCodes.Crowd, "annotation 7 of image 1"),
            (TrainingFindingCodes.EmptyMask, "annotation 8 of image 1"),
            (TrainingFindingCodes.InvalidMask, "annotation 9 of image 1: RLE size is [5, 5]; expected the image's [10, 20] (height, width)"),
            (TrainingFindingCodes.MissingBox, "annotation 10 of image 1"),
            (TrainingFindingCodes.UnknownImage, "annotation 11 of image 99"),
            (TrainingFindingCodes.ClassWithoutInstances, "'dog' (label 2)")])
            Assert.Equal([sample], Finding(data, code).Samples);
        Assert.Equal(["annotation 3 of image 1: bbox [25, 2, 8, 3] of 20 × 10 pixels", "annotation 12 of image 1: bbox [25, 1, 5, 5] of 20 × 10 pixels"], Finding(data, TrainingFindingCodes.BoxOutside).Samples);
        Assert.Equal(2, data.Report.CountOf(TrainingFindingCodes.BoxWithoutArea));
        Assert.Equal("1 annotations have a category that the model does not know and are skipped: annotation 6 of image 1: category 9.", Finding(data, TrainingFindingCodes.UnknownCategory).ToString());
    }

    [Fact]
    public void Images_that_cannot_be_trained_on_are_skipped_and_counted()
    {
        _folder.Write("text.bmp", "hello"u8.ToArray());
        _folder.Write("empty.png", []);
        _folder.Write("damaged.png", GoldenImage.Bytes(GoldenImage.All.First(i => i.File.EndsWith(".png", StringComparison.Ordinal)).File)[..20]);
        CocoImage[] images =
        [
            Image(1, "a.bmp"), Image(2, "nowhere.bmp"), Image(3, "text.bmp"), Image(4, "empty.png"), Image(5, "damaged.png"), Image(6, "b.bmp") with { Width = 21 }, Image(7, "c.bmp"),
            Image(1, "b.bmp"), Image(8, "c.bmp") with { Width = 0, Height = 0 },
        ];
        CocoAnnotation[] annotations = [.. images.Where(i => i.Id != 7).DistinctBy(i => i.Id).Select(i => Box(i.Id, 7, 1, 1, 5, 5) with { ImageId = i.Id })];
        TrainingDataset data = Open(Model, images, annotations);
        Assert.Equal([1L, 8], data.Images.Select(i => i.Id));
        Assert.Equal((Width, Height), (data.Images[1].Width, data.Images[1].Height));
        Assert.Equal(["image 2 (nowhere.bmp)"], Finding(data, TrainingFindingCodes.MissingImage).Samples);
        Assert.Equal(3, data.Report.CountOf(TrainingFindingCodes.UnreadableImage));
        Assert.StartsWith("image 3 (text.bmp): it begins with 'hello'", Finding(data, TrainingFindingCodes.UnreadableImage).Samples[0]);
        Assert.Equal(["image 6 (b.bmp): 20 × 10 pixels where 21 × 10 were expected"], Finding(data, TrainingFindingCodes.ImageSize).Samples);
        Assert.Equal(["image 7 (c.bmp)"], Finding(data, TrainingFindingCodes.EmptyImage).Samples);
        Assert.Equal(["image 1 (b.bmp)"], Finding(data, TrainingFindingCodes.DuplicateImage).Samples);
        Assert.Equal([1L, 7, 8], Open(Model, images, annotations, new TrainingDataOptions { KeepEmptyImages = true }).Images.Select(i => i.Id));
    }

    [Fact]
    public void Only_the_first_samples_of_a_kind_are_named_and_all_are_counted()
    {
        TrainingDataset data = Open(Model, [.. Enumerable.Range(1, 30).Select(id => Box(id, id == 1 ? 7 : 9, 1, 1, 5, 5))]);
        Assert.Equal((29L, TrainingDataFinding.MostSamples), (Finding(data, TrainingFindingCodes.UnknownCategory).Count, Finding(data, TrainingFindingCodes.UnknownCategory).Samples.Count));
        Assert.EndsWith("annotation 6 of image 1: category 9 and 24 more.", Finding(data, TrainingFindingCodes.UnknownCategory).ToString());
    }

    [Fact]
    public void Files_are_found_by_path_and_then_by_a_name_that_is_there_once()
    {
        foreach (string name in (string[])["x/deep.bmp", "x/twice.bmp", "y/twice.bmp", "x/shared.bmp"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
            _folder.Write(name, BmpFile.Coordinates(Width, Height));
        }
        CocoImage[] images = [Image(1, "y/twice.bmp"), Image(2, "old/place/deep.bmp"), Image(3, "z/twice.bmp"), Image(4, "p/shared.bmp"), Image(5, "q/shared.bmp"), Image(6, "../../etc/hosts"), Image(7, "")];
        TrainingDataset data = Open(Model, images, [.. images.Select(i => Box(i.Id, 7, 1, 1, 5, 5) with { ImageId = i.Id })]);
        Assert.Equal([1L, 2], data.Images.Select(i => i.Id));
        Assert.Equal(5, data.Report.CountOf(TrainingFindingCodes.MissingImage));
    }

    [Fact]
    public void Keypoints_fit_the_models_head_or_are_skipped()
    {
        ModelConfiguration model = Model with { MaskHead = null, KeypointHead = new() { Keypoints = 2 } };
        TrainingDataset data = Open(model,
            Box(1, 7, 1, 1, 5, 5) with { Keypoints = [3, 4, 2, 5, 6, 0] },
            Box(2, 7, 1, 1, 5, 5) with { Keypoints = [3, 4, 1, 50, 6, 2] },
            Box(3, 7, 1, 1, 5, 5) with { Keypoints = [3, 4, 1] },
            Box(4, 7, 1, 1, 5, 5));
        Assert.Equal([new Keypoint(3, 4, 2), default], data.Read(0).Instances[0].Keypoints!);
        Assert.Equal([new Keypoint(3, 4, 1), default], data.Read(0).Instances[1].Keypoints!);
        Assert.Equal(3, data.Read(0).Instances.Count);
        Assert.Equal(["annotation 2 of image 1: keypoint 2 at (50, 6) of 20 × 10 pixels"], Finding(data, TrainingFindingCodes.KeypointOutside).Samples);
        Assert.Equal(["annotation 3 of image 1: 3 numbers where 2 keypoints need 6"], Finding(data, TrainingFindingCodes.KeypointCount).Samples);
        Assert.Equal(1, data.Report.CountOf(TrainingFindingCodes.MissingKeypoints));
        TrainingDataException error = Assert.Throws<TrainingDataException>(() => Open(model, [Image(1, "a.bmp")], [Box(1, 7, 1, 1, 5, 5) with { Keypoints = [3, 4, 2, 5, 6, 0] }], new TrainingDataOptions { LeastKeypoints = 2 }));
        Assert.Contains("image 1 (a.bmp): 1 of 2", error.Message);
    }

    [Fact]
    public void Nothing_to_train_on_is_an_error_that_names_it()
    {
        Assert.Contains("no such file", Assert.Throws<TrainingDataException>(() => TrainingDataset.Open(_folder["none.json"], _folder["."], Model)).Message);
        Assert.Contains("no such folder", Assert.Throws<TrainingDataException>(() => TrainingDataset.Open("d", new CocoDataset(), _folder["none"], Model)).Message);
        string message = Assert.Throws<TrainingDataException>(() => Open(Model, [Image(1, "gone.bmp")], [])).Message;
        Assert.Contains("data.json: none of its 1 images in", message);
        Assert.Contains("1 images have no file and are skipped: image 1 (gone.bmp).", message);
    }

    [Fact]
    public void A_file_is_read_as_a_data_set_in_memory_is()
    {
        CocoWriter.WriteDataset(_folder["data.json"], new CocoDataset { Images = [Image(1, "a.bmp")], Annotations = [Box(5, 7, 1, 2, 3, 4)], Categories = Categories });
        Assert.Equal(new Box(1, 2, 4, 6), TrainingDataset.Open(_folder["data.json"], _folder["."], Model).Read(0).Instances[0].Box);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(Width * Height * 3, true)]
    [InlineData(Width * Height * 3 - 1, false)]
    public void Decoded_images_are_kept_within_the_bytes_allowed(long bytes, bool kept)
    {
        TrainingDataset data = Open(Model, [Image(1, "a.bmp"), Image(2, "b.bmp")], [Box(1, 7, 1, 1, 5, 5), Box(2, 7, 1, 1, 5, 5) with { ImageId = 2 }], new TrainingDataOptions { CacheBytes = bytes });
        RgbImage first = data.Read(0).Image, second = data.Read(1).Image;
        Assert.Equal(kept, ReferenceEquals(first, data.Read(0).Image));
        Assert.NotSame(second, data.Read(1).Image);
    }

    [Fact]
    public void An_image_that_has_changed_since_is_an_error()
    {
        TrainingDataset data = Open(Model, Box(1, 7, 1, 1, 5, 5));
        _folder.Write("a.bmp", BmpFile.Coordinates(4, 4));
        Assert.Contains("has 4 × 4 pixels; expected 20 × 10", Assert.Throws<TrainingDataException>(() => data.Read(0)).Message);
    }

    [Fact]
    public void A_header_gives_the_size_that_decoding_gives()
    {
        foreach (GoldenImage golden in GoldenImage.All)
            Assert.Equal((golden.Width, golden.Height), ImageDecoder.ReadSize(GoldenImage.Path(golden.File), golden.Options));
    }

    private TrainingDataset Open(ModelConfiguration model, params CocoAnnotation[] annotations) => Open(model, [Image(1, "a.bmp")], annotations);

    private TrainingDataset Open(ModelConfiguration model, CocoImage[] images, CocoAnnotation[] annotations, TrainingDataOptions? options = null) =>
        TrainingDataset.Open("data.json", new CocoDataset { Images = images, Annotations = annotations, Categories = Categories }, _folder["."], model, options);

    private static TrainingDataFinding Finding(TrainingDataset data, string code) => data.Report.Findings.Single(f => f.Code == code);

    private static CocoImage Image(long id, string file) => new() { Id = id, FileName = file, Width = Width, Height = Height };

    private static CocoAnnotation Box(long id, long category, double x, double y, double width, double height) =>
        new() { Id = id, ImageId = 1, CategoryId = category, Box = new BoundingBox(x, y, width, height), IsCrowd = false };
}
