using System.Text.Json;
using MaskRcnn.Coco.Datasets;

namespace MaskRcnn.Client.Tests.Coco;

public sealed class ConvertCommandTests : IDisposable
{
    private readonly DatasetFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Masks_survive_the_way_through_polygons()
    {
        string input = _folder.Dataset("a.json", 2);
        CommandRun.Of("coco", "convert", "--input", input, "--to", "polygons", "--output", _folder.Path("p.json")).Exits(0);
        CommandRun.Of("coco", "convert", "--input", _folder.Path("p.json"), "--to", "rle", "--output", _folder.Path("r.json")).Exits(0);
        Assert.IsType<Segmentation.Polygons>(_folder.Read("p.json").Annotations[0].Segmentation);
        Assert.Equal(_folder.Read("a.json").Annotations[0].Segmentation, _folder.Read("r.json").Annotations[0].Segmentation);
    }

    [Theory]
    [InlineData("labelmap", "maps")]
    [InlineData("panoptic", "p.json")]
    public void A_data_set_goes_to_images_and_comes_back(string to, string output)
    {
        JsonElement there = CommandRun.Of(
            "coco", "convert", _folder.Dataset("a.json", 2), "--to", to, "--output", _folder.Path(output), "--json").Exits(0).Json;
        Assert.Equal(
            ("coco", to, 2, 2),
            (there.GetProperty("from").GetString(), there.GetProperty("to").GetString(), there.GetProperty("objectsIn").GetInt32(), there.GetProperty("objectsOut").GetInt32()));
        JsonElement back = CommandRun.Of(
            "coco", "convert", _folder.Path(output), "--to", "coco", "--output", _folder.Path("back.json"), "--json").Exits(0).Json;
        Assert.Equal(to, back.GetProperty("from").GetString());
        Assert.Equal(
            _folder.Read("a.json").Annotations.Select(a => (a.Segmentation, a.Area)),
            _folder.Read("back.json").Annotations.Select(a => (a.Segmentation, a.Area)));
    }

    [Fact]
    public void Yolo_comes_back_with_the_images_given()
    {
        string input = _folder.Dataset("a.json", 1);
        // Any image of the right size will do: that of the label map.
        CommandRun.Of("coco", "convert", input, "--to", "labelmap", "--output", _folder.Path("images")).Exits(0);
        CommandRun.Of("coco", "convert", input, "--to", "yolo", "--output", _folder.Path("texts")).Exits(0);
        string categories = _folder.Write("names.txt", "kitten\n");
        CommandRun.Of(
            "coco", "convert", _folder.Path("texts"), "--to", "rle", "--output", _folder.Path("back.json"), "--images",
            _folder.Path("images"), "--categories", categories).Exits(0);
        CocoDataset back = _folder.Read("back.json");
        Assert.Equal(_folder.Read("a.json").Annotations[0].Segmentation, back.Annotations[0].Segmentation);
        Assert.Equal("kitten", back.Categories[0].Name);
    }

    [Fact]
    public void What_is_lost_is_printed()
    {
        string input = _folder.Write("a.json", """
            {"images": [{"id": 1, "file_name": "a.jpg", "height": 2, "width": 2}], "categories": [{"id": 1, "name": "a"}],
             "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "iscrowd": 1, "segmentation": {"size": [2, 2], "counts": [0, 4]}},
                             {"id": 2, "image_id": 1, "category_id": 1, "iscrowd": 0, "segmentation": {"size": [2, 2], "counts": [0, 1, 2, 1]}}]}
            """);
        string text = CommandRun.Of("coco", "convert", input, "--to", "yolo", "--output", _folder.Path("y")).Exits(0).Out.ReplaceLineEndings("\n");
        Assert.Equal(
            $"Wrote {_folder.Path("y")}\ncoco to yolo: 1 images, 1 of 2 objects\n  1 crowd regions skipped\n  1 objects lost all parts but the largest\n",
            text);
    }

    [Fact]
    public void A_name_that_leaves_the_output_folder_is_refused()
    {
        string input = _folder.Dataset("a.json", 1, "../../evil");
        JsonElement error = CommandRun.Of(
            "coco", "convert", input, "--to", "labelmap", "--output", _folder.Path("x/y"), "--json").Exits(1).Json.GetProperty("error");
        Assert.Contains("image 1: the file name is \"../../evil1.png\"", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Path("x")));
    }

    [Theory]
    [InlineData("--images")]
    [InlineData("--categories")]
    public void An_option_that_plays_no_part_is_warned_of(string option)
    {
        string input = _folder.Dataset("a.json", 1);
        CommandRun run = CommandRun.Of("coco", "convert", input, "--to", "rle", "--output", _folder.Path("o.json"), option, "x").Exits(0);
        Assert.Contains($"warning: {option} is not used", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--to", "svg", "--output", "o.json")]
    [InlineData("--to", "rle")]
    [InlineData("--to", "rle", "--output", "o.json", "--from", "voc")]
    [InlineData("--to", "panoptic", "--output", "folder")]
    [InlineData("--to", "yolo", "--output", "a.json")]
    public void Options_that_do_not_fit_are_refused_as_usage(params string[] options)
    {
        string input = _folder.Dataset("a.json", 1);
        CommandRun.Of(["coco", "convert", input, .. options.Select((o, i) => i > 0 && options[i - 1] == "--output" ? _folder.Path(o) : o)]).Exits(2);
        Assert.Equal(["a.json"], Directory.EnumerateFileSystemEntries(_folder.Root).Select(Path.GetFileName));
    }
}
