using CsCheck;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Formats;
using MaskRcnn.Coco.Masks;
using MaskRcnn.Coco.Tests.Formats.Images;

namespace MaskRcnn.Coco.Tests.Formats.Yolo;

public sealed class YoloTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_largest_parts_outer_ring_comes_back_to_the_pixel()
    {
        SampleData.Masks.Where(m => m.Area > 0).Sample(mask =>
        {
            string folder = $"{Guid.NewGuid():N}/";
            byte[] kept = LargestFilled(mask, out bool holes, out bool parts);
            WriteImage(folder + "images/sub/a.png", mask.Width, mask.Height);
            CocoDataset dataset = SampleData.Dataset(
                [SampleData.Image(3, mask.Width, mask.Height, "sub/a.png")], [SampleData.Object(1, 3, mask, 2)], "cat", "dog");
            ConversionReport report = Files.Convert(
                SampleData.WriteDataset(_folder, folder + "in.json", dataset), ConversionTarget.Yolo,
                _folder.File(folder + "labels")).Balanced();
            Files.Convert(_folder.File(folder + "labels"), ConversionTarget.Coco, _folder.File(folder + "out.json")).Balanced();

            Assert.Equal((holes ? 1 : 0, parts ? 1 : 0, 1), (report.LostHoles, report.LostParts, report.ObjectsOut));
            CocoDataset output = Files.Read(_folder.File(folder + "out.json"));
            CocoAnnotation read = Assert.Single(output.Annotations);
            Assert.Equal((2L, "sub/a.png", false), (read.CategoryId, output.Images[0].FileName, read.IsCrowd));
            Assert.Equal(kept, RleDense.Decode(SampleData.MaskOf(output, read)));
            Assert.Equal(kept.Count(p => p != 0), read.Area);
        }, iter: 200);
    }

    [Fact]
    public void Polygons_are_written_as_they_are_drawn()
    {
        CocoAnnotation drawn = SampleData.Object(1, 1, SampleData.Mask("#")) with { Segmentation = new Segmentation.Polygons([[1, 1, 2, 1, 2, 2], [2.5, 2, 7.5, 2, 7.5, 5, 2.5, 5]]) };
        ConversionReport report = Convert([drawn]).Balanced();
        Assert.Equal("0 0.25 0.2 0.75 0.2 0.75 0.5 0.25 0.5\n", Text("1.txt"));
        Assert.Equal((0, 1), (report.LostHoles, report.LostParts));
    }

    [Fact]
    public void A_polygon_out_of_the_image_is_cut_to_the_pixels_within()
    {
        Convert([SampleData.Object(1, 1, SampleData.Mask("#")) with { Segmentation = new Segmentation.Polygons([[-5, 0, 5, 0, 5, 10, -5, 10]]) }]);
        Assert.Equal(["0", "0.5", "1"], Text("1.txt").Trim().Split(' ').Skip(1).Distinct().Order());
    }

    [Fact]
    public void What_yolo_cannot_hold_is_skipped_and_counted_and_boxes_are_boxes()
    {
        Rle mask = Rle.FromCounts(10, 10, [0, 100]);
        ConversionReport report = Convert(
        [
            SampleData.Object(1, 1, mask, crowd: true), SampleData.Object(2, 1, Rle.Empty(10, 10)),
            SampleData.Object(3, 1, mask) with { Segmentation = null, Box = null }, SampleData.Object(4, 1, mask) with { Segmentation = null, Box = new BoundingBox(1, 2, 4, 6) },
            SampleData.Object(5, 1, mask) with { Score = .5 },
        ]).Balanced();
        Assert.Equal(
            (5, 2, 1, 1, 1),
            (report.ObjectsIn, report.ObjectsOut, report.SkippedCrowds, report.SkippedEmptyMasks, report.SkippedWithoutMask));
        Assert.Equal((1, 1), (report.WithoutMask, report.LostMembers));
        Assert.StartsWith("0 0.3 0.5 0.4 0.6\n0 ", Text("1.txt"), StringComparison.Ordinal);
        Assert.Equal("thing\n", Text("classes.txt"));
    }

    [Fact]
    public void Boxes_are_read_as_boxes_and_images_without_a_text_have_no_objects()
    {
        WriteImage("images/a.png", 100, 50);
        WriteImage("images/b.png", 20, 10);
        _folder.Write("labels/a.txt", "1.0 0.3 0.5 0.4 0.6\n\n");
        _folder.Write("data.yaml", "names: [cat, dog]");
        Files.Convert(_folder.Path, ConversionTarget.Coco, _folder.File("out.json"));
        CocoDataset output = Files.Read(_folder.File("out.json"));
        CocoAnnotation box = Assert.Single(output.Annotations);
        Assert.Equal((10, 10, 40, 30), (Math.Round(box.Box!.Value.X, 9), Math.Round(box.Box.Value.Y, 9), box.Box.Value.Width, box.Box.Value.Height));
        Assert.Equal((2L, null, 1200d), (box.CategoryId, box.Segmentation, box.Area));
        Assert.Equal([("a.png", 100, 50), ("b.png", 20, 10)], output.Images.Select(i => (i.FileName, i.Width, i.Height)));
    }

    [Theory]
    [InlineData("2 0 0 1 0 1 1", "the class \"2\"")]
    [InlineData("cat 0 0 1 0 1 1", "the class \"cat\"")]
    [InlineData("-1 0 0 1 0 1 1", "the class \"-1\"")]
    [InlineData("0 0 0 1 0 1", "6 numbers")]
    [InlineData("0 0.1 0.1", "3 numbers")]
    [InlineData("0 0 0 1 0 x 1", "\"x\"")]
    [InlineData("0 0 0 NaN 0 1 1", "\"NaN\"")]
    [InlineData("0 0 0 1 0 320 1", "\"320\"; expected a part of the image's size")]
    public void A_bad_line_is_refused_with_its_file_and_number(string line, string problem)
    {
        WriteImage("a.png", 10, 10);
        _folder.Write("a.txt", "0 0 0 1 0 1 1\n" + line + "\n");
        _folder.Write("classes.txt", "cat\ndog");
        var exception = Refused();
        Assert.StartsWith($"{_folder.File("a.txt")}: line 2: {problem}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_images_names_and_bad_images_are_refused()
    {
        _folder.Write("a.txt", "");
        Assert.Contains("no classes.txt and no data.yaml", Refused().Message, StringComparison.Ordinal);
        _folder.Write("classes.txt", "cat");
        Assert.Contains("a.txt: a text without an image", Refused().Message, StringComparison.Ordinal);
        _folder.Write("a.jpg", "not an image");
        Assert.Contains("a.jpg: a file that is not an image", Refused().Message, StringComparison.Ordinal);
        _folder.Write("a.jpg", "");
        Assert.Contains("a.jpg: a file of 0 bytes", Refused().Message, StringComparison.Ordinal);
        WriteImage("a.png", 1, 1);
        Assert.Contains("images \"a.jpg\" and \"a.png\"", Refused().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_yolo_cannot_write_are_refused()
    {
        CocoDataset named = SampleData.Dataset([SampleData.Image(6, name: "Classes.jpg")], []);
        Assert.Contains("image 6", Assert.Throws<DatasetContentException>(() => Convert(named)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "category 1", Assert.Throws<DatasetContentException>(() => Convert(SampleData.Dataset([], [], "a\nb"))).Message,
            StringComparison.Ordinal);
    }

    private DatasetContentException Refused() =>
        Assert.Throws<DatasetContentException>(() => Files.Convert(_folder.Path, ConversionTarget.Coco, _folder.File("out.json"), DatasetKind.Yolo));

    private ConversionReport Convert(CocoAnnotation[] annotations) => Convert(SampleData.Dataset([SampleData.Image(1)], annotations));

    private ConversionReport Convert(CocoDataset dataset) =>
        Files.Convert(SampleData.WriteDataset(_folder, "in.json", dataset), ConversionTarget.Yolo, _folder.File("labels"));

    private string Text(string name) => File.ReadAllText(_folder.File("labels/" + name));

    private void WriteImage(string name, int width, int height) => _folder.Write(name, PlainPng.Encode(width, height, 8, 1, (_, _, _) => 0));

    /// <summary>By flood fill: the largest 4-connected part, with all that it encloses.</summary>
    private static byte[] LargestFilled(Rle mask, out bool holes, out bool parts)
    {
        byte[] pixels = RleDense.Decode(mask);
        List<HashSet<(int X, int Y)>> found = [];
        // In column-major order, so that the first of equal parts is the one that comes first in the RLE.
        for (int x = 0; x < mask.Width; x++)
        {
            for (int y = 0; y < mask.Height; y++)
            {
                if (Foreground(x, y) && !found.Any(part => part.Contains((x, y)))) found.Add(Flood((x, y), 0, diagonal: false, Foreground));
            }
        }
        parts = found.Count > 1;
        HashSet<(int X, int Y)> largest = found.MaxBy(part => part.Count)!;
        // The outside of a 4-connected part is 8-connected.
        HashSet<(int X, int Y)> outside = Flood((-1, -1), 1, diagonal: true, (x, y) => !largest.Contains((x, y)));
        byte[] filled = [.. from y in Enumerable.Range(0, mask.Height) from x in Enumerable.Range(0, mask.Width) select (byte)(outside.Contains((x, y)) ? 0 : 1)];
        holes = filled.Count(p => p != 0) > largest.Count;
        return filled;

        bool Foreground(int x, int y) => pixels[y * mask.Width + x] != 0;

        HashSet<(int X, int Y)> Flood((int, int) start, int border, bool diagonal, Func<int, int, bool> belongs)
        {
            HashSet<(int X, int Y)> reached = [start];
            var pending = new Stack<(int X, int Y)>(reached);
            while (pending.TryPop(out (int X, int Y) at))
            {
                for (int dx = -1; dx <= 1; dx++)
                {
                    for (int dy = -1; dy <= 1; dy++)
                    {
                        if (!diagonal && dx != 0 && dy != 0) continue;
                        (int X, int Y) next = (at.X + dx, at.Y + dy);
                        if (next.X < -border || next.Y < -border || next.X >= mask.Width + border || next.Y >= mask.Height + border) continue;
                        if (belongs(next.X, next.Y) && reached.Add(next)) pending.Push(next);
                    }
                }
            }
            return reached;
        }
    }
}
