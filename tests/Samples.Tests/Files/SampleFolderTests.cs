using System.Text.Json;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Datasets.Validation;
using MaskRcnn.Samples.Files;
using MaskRcnn.Samples.Microscopy;
using MaskRcnn.Samples.Microscopy.Measurement;

namespace MaskRcnn.Samples.Tests.Files;

public sealed class SampleFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_ground_truth_is_a_COCO_file_without_findings()
    {
        var samples = new SampleFolder(_folder["set"]);
        SampleReport report = samples.Write(Options(3));
        CocoDataset dataset = CocoReader.ReadDataset(samples.Annotations);
        Assert.Empty(DatasetValidator.Validate(samples.Annotations, dataset).Groups);
        Assert.Equal(["microscopy-0001.png", "microscopy-0002.png", "microscopy-0003.png"], dataset.Images.Select(i => i.FileName));
        Assert.Equal(dataset.Images.Select(i => i.FileName), Directory.EnumerateFiles(samples.Images).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(report.Nuclei, dataset.Annotations.Count);
        Assert.Equal(Enumerable.Range(1, report.Nuclei), dataset.Annotations.Select(a => (int)a.Id!.Value));
        Assert.Equal([(1L, "nucleus", "cell")], dataset.Categories.Select(c => (c.Id, c.Name, c.Supercategory)));
    }

    [Fact]
    public void Pixels_masks_boxes_and_areas_are_those_that_were_made()
    {
        var samples = new SampleFolder(_folder["set"]);
        samples.Write(Options(2));
        CocoDataset dataset = CocoReader.ReadDataset(samples.Annotations);
        foreach ((CocoImage image, SampleImage made) in dataset.Images.Zip(MicroscopySamples.Make(Options(2))))
        {
            (int width, int height, byte[] pixels) = Pictures.Decode(File.ReadAllBytes(Path.Combine(samples.Images, image.FileName)));
            Assert.Equal((image.Width, image.Height), (width, height));
            Assert.Equal(made.Pixels, pixels);
            CocoAnnotation[] objects = [.. dataset.Annotations.Where(a => a.ImageId == image.Id)];
            for (int i = 0; i < objects.Length; i++)
            {
                int[] own = [.. Enumerable.Range(0, made.Labels.Length).Where(at => made.Labels[at] == i + 1)];
                Assert.True(objects[i].Segmentation!.ToRle(height, width).SameAs(made.Masks()[i]));
                Assert.Equal(own.Length, objects[i].Area);
                (int left, int top) = (own.Min(at => at % width), own.Min(at => at / width));
                Assert.Equal(new(left, top, own.Max(at => at % width) - left + 1, own.Max(at => at / width) - top + 1), objects[i].Box);
                Assert.False(objects[i].IsCrowd);
            }
        }
    }

    [Fact]
    public void The_file_says_the_modality_of_each_image_and_how_to_make_the_set_again()
    {
        var samples = new SampleFolder(_folder["set"]);
        samples.Write(Options(2) with { Seed = 77 });
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(samples.Annotations));
        Assert.All(json.RootElement.GetProperty("images").EnumerateArray(), image => Assert.Equal("fluorescence", image.GetProperty("modality").GetString()));
        JsonElement info = json.RootElement.GetProperty("info");
        Assert.Equal(("microscopy", 2, 77), (info.GetProperty("kind").GetString(), info.GetProperty("count").GetInt32(), info.GetProperty("seed").GetInt32()));
    }

    [Fact]
    public void Equal_options_give_equal_files()
    {
        SampleFolder one = new(_folder["one"]), two = new(_folder["two"]);
        one.Write(Options(4) with { Threads = 1 });
        two.Write(Options(4) with { Threads = 3 });
        string[] names = [.. Files(one)];
        Assert.Equal(5, names.Length);
        Assert.Equal(names, Files(two));
        foreach (string name in names) Assert.Equal(File.ReadAllBytes(_folder[$"one/{name}"]), File.ReadAllBytes(_folder[$"two/{name}"]));

        IEnumerable<string> Files(SampleFolder folder) => Directory.EnumerateFiles(Path.GetDirectoryName(folder.Annotations)!, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Path.GetDirectoryName(folder.Annotations)!, f)).Order(StringComparer.Ordinal);
    }

    [Fact]
    public void A_smaller_set_replaces_a_larger_one_and_leaves_what_is_not_its_own()
    {
        var samples = new SampleFolder(_folder["set"]);
        samples.Write(Options(3));
        string photo = Path.Combine(samples.Images, "microscopy-of-mine.png");
        File.WriteAllText(photo, "mine");
        samples.Write(Options(1));
        Assert.Equal([Path.Combine(samples.Images, "microscopy-0001.png"), photo], Directory.EnumerateFiles(samples.Images).Order(StringComparer.Ordinal));
        Assert.Single(CocoReader.ReadDataset(samples.Annotations).Images);
    }

    [Fact]
    public void A_set_that_cannot_be_written_whole_is_not_there_in_part()
    {
        var samples = new SampleFolder(_folder["set"]);
        string inTheWay = Path.Combine(samples.Images, "microscopy-0002.png");
        Directory.CreateDirectory(inTheWay);
        Exception exception = Assert.ThrowsAny<Exception>(() => samples.Write(Options(3)));
        Assert.True(exception is IOException or UnauthorizedAccessException, exception.ToString());
        Assert.Equal([inTheWay], Directory.EnumerateFileSystemEntries(_folder["set"], "*", SearchOption.AllDirectories).Where(e => e != samples.Images));
    }

    [Fact]
    public void A_set_that_is_cancelled_is_not_there_in_part()
    {
        var samples = new SampleFolder(_folder["set"]);
        using var cancellation = new CancellationTokenSource();
        var progress = new CancelAfter(2, cancellation);
        Assert.Throws<OperationCanceledException>(() => samples.Write(Options(9) with { Threads = 1 }, progress, cancellation.Token));
        Assert.Empty(Directory.EnumerateFiles(_folder["set"], "*", SearchOption.AllDirectories));
    }

    private static MicroscopyOptions Options(int count) => new() { Count = count, Seed = 5 };

    private sealed class CancelAfter(int images, CancellationTokenSource cancellation) : IProgress<(int Done, int Total)>
    {
        public void Report((int Done, int Total) value)
        {
            Assert.Equal(9, value.Total);
            if (value.Done == images) cancellation.Cancel();
        }
    }
}
