using System.Text.Json;

namespace MaskRcnn.Client.Tests.Coco;

public sealed class EditingCommandTests : IDisposable
{
    private readonly DatasetFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_sample_is_written_and_is_the_same_for_the_same_seed()
    {
        string input = _folder.Dataset("a.json", 10);
        string text = CommandRun.Of("coco", "sample", input, "--count", "4", "--seed", "7", "--output", _folder.Path("s.json")).Exits(0).Out;
        Assert.Equal($"Wrote {_folder.Path("s.json")}: 4 images, 4 annotations\n", text.ReplaceLineEndings("\n"));
        JsonElement json = CommandRun.Of(
            "coco", "sample", input, "--count", "4", "--seed", "7", "--output", _folder.Path("t.json"), "--json").Exits(0).Json;
        Assert.Equal((7, 4), (json.GetProperty("seed").GetInt32(), json.GetProperty("images").GetInt32()));
        Assert.Equal(File.ReadAllBytes(_folder.Path("s.json")), File.ReadAllBytes(_folder.Path("t.json")));
    }

    [Theory]
    [InlineData("0", 2, "--count 0 is too few")]
    [InlineData("11", 1, "10 images, fewer than the 11 asked for")]
    [InlineData("x", 2, "x")]
    public void A_wrong_count_is_refused(string count, int code, string message) => Assert.Contains(
        message, CommandRun.Of(
            "coco", "sample", _folder.Dataset("a.json", 10), "--count", count, "--output", _folder.Path("s.json")).Exits(code).Error, StringComparison.Ordinal);

    [Fact]
    public void Parts_are_named_after_the_input_and_printed()
    {
        string input = _folder.Dataset("all.json", 10);
        string text = CommandRun.Of("coco", "split", input, "--fractions", "0.8,0.2", "--output", _folder.Path("p")).Exits(0).Out;
        Assert.Equal(
            $"Wrote {_folder.Path("p/all-1.json")}: 8 images, 8 annotations\nWrote {_folder.Path("p/all-2.json")}: 2 images, 2 annotations\n",
            text.ReplaceLineEndings("\n"));
        Assert.Equal(
            Enumerable.Range(1, 10).Select(i => (long)i),
            _folder.Read("p/all-1.json").Images.Concat(_folder.Read("p/all-2.json").Images).Select(i => i.Id).Order());
        JsonElement parts = CommandRun.Of(
            "coco", "split", input, "--fractions", "0.8,0.2", "--output", _folder.Path("q"), "--json").Exits(0).Json.GetProperty("parts");
        Assert.Equal(
            (_folder.Path("q/all-2.json"), 2, .2),
            (parts[1].GetProperty("output").GetString(), parts[1].GetProperty("images").GetInt32(), parts[1].GetProperty("fraction").GetDouble()));
    }

    [Theory]
    [InlineData("0.8,0.4", "sum to 1.2")]
    [InlineData("0,1", "A fraction is 0")]
    [InlineData("half", "'half' is not a number")]
    public void Wrong_fractions_are_refused(string fractions, string message) => Assert.Contains(
        message, CommandRun.Of(
            "coco", "split", _folder.Dataset("a.json", 2), "--fractions", fractions, "--output", _folder.Path("p")).Exits(2).Error, StringComparison.Ordinal);

    [Fact]
    public void Data_sets_are_merged_and_conflicts_are_listed()
    {
        string first = _folder.Dataset("a.json", 25, category: "cat"), second = _folder.Dataset("b.json", 25, category: "dog");
        CommandRun text = CommandRun.Of("coco", "merge", first, second, "--output", _folder.Path("m.json")).Exits(0);
        Assert.Contains("50 images, 50 annotations, 2 categories, 25 conflicts", text.Out, StringComparison.Ordinal);
        Assert.Contains($"warning: {second}: image \"img1.png\" is in {first} too; both are kept.", text.Error, StringComparison.Ordinal);
        Assert.Contains("… and 5 more of same-file-name", text.Error, StringComparison.Ordinal);
        Assert.Equal(50, _folder.Read("m.json").Images.Select(i => i.Id).Distinct().Count());

        CommandRun json = CommandRun.Of("coco", "merge", first, second, "--output", _folder.Path("n.json"), "--json").Exits(0);
        Assert.Equal(25, json.Json.GetProperty("conflicts").GetArrayLength());
    }

    [Fact]
    public void One_data_set_cannot_be_merged() => Assert.Contains(
        "expected at least two", CommandRun.Of(
            "coco", "merge", _folder.Dataset("a.json", 1), "--output", _folder.Path("m.json")).Exits(2).Error, StringComparison.Ordinal);
}
