using System.Text.Json;

namespace MaskRcnn.Client.Tests.Coco;

public sealed class ValidateCommandTests : IDisposable
{
    private readonly DatasetFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_sound_file_exits_with_0()
    {
        string path = _folder.Dataset("a.json", 3);
        Assert.Equal($"{path}: no findings\n", CommandRun.Of("coco", "validate", path).Exits(0).Out.ReplaceLineEndings("\n"));
        Assert.Equal(0, CommandRun.Of("coco", "validate", path, "--json").Exits(0).Json.GetProperty("findings").GetArrayLength());
    }

    [Fact]
    public void Findings_exit_with_1_and_say_file_annotation_and_what_was_expected()
    {
        string path = _folder.Write("a.json", $$"""
            {"images": [{"id": 1, "file_name": "a.jpg", "height": 9, "width": 9}], "categories": [{"id": 1, "name": "a"}],
             "annotations": [{{string.Join(",", Enumerable.Range(1, 25).Select(i => $$"""{"id": {{i}}, "image_id": 7, "category_id": 1, "area": 4, "bbox": [0,0,2,2], "iscrowd": 0}"""))}}]}
            """);
        CommandRun text = CommandRun.Of("coco", "validate", path).Exits(1);
        Assert.Contains("error unknown-image: 25", text.Out, StringComparison.Ordinal);
        Assert.Contains($"{path}: annotation 20: \"image_id\" is 7; expected one of the data set's 1 images.", text.Out, StringComparison.Ordinal);
        Assert.Contains("… and 5 more", text.Out, StringComparison.Ordinal);

        JsonElement json = CommandRun.Of("coco", "validate", path, "--json").Exits(1).Json;
        Assert.Equal(25, json.GetProperty("errors").GetInt32());
        JsonElement group = json.GetProperty("findings")[0];
        Assert.Equal(
            ("unknown-image", "error", 25, 20),
            (group.GetProperty("code").GetString(), group.GetProperty("severity").GetString(), group.GetProperty("count").GetInt32(), group.GetProperty("first").GetArrayLength()));
        Assert.Equal(1, group.GetProperty("first")[0].GetProperty("annotationId").GetInt32());
    }

    [Fact]
    public void Results_are_checked_too()
    {
        string results = _folder.Write("r.json", """[{"image_id": 1, "category_id": 9, "bbox": [0, 0, 1, 1], "score": 0.5}]""");
        CommandRun run = CommandRun.Of("coco", "validate", _folder.Dataset("a.json", 1), "--results", results).Exits(1);
        Assert.Contains($"{results}: result 1: \"category_id\" is 9", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_warning_alone_exits_with_1()
    {
        string path = _folder.Write("a.json", """{"images": [{"id": 1, "height": 9, "width": 9}], "annotations": [], "categories": []}""");
        Assert.Contains("warning missing-file-name: 1", CommandRun.Of("coco", "validate", path).Exits(1).Out, StringComparison.Ordinal);
    }
}
