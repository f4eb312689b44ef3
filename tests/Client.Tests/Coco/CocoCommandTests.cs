using System.Text.Json;

namespace MaskRcnn.Client.Tests.Coco;

/// <summary>What all data set commands share.</summary>
public sealed class CocoCommandTests : IDisposable
{
    private readonly DatasetFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("convert")]
    [InlineData("validate")]
    [InlineData("stats")]
    [InlineData("sample")]
    [InlineData("split")]
    [InlineData("merge")]
    public void Help_has_an_example(string command)
    {
        CommandRun run = CommandRun.Of("coco", command, "--help").Exits(0);
        Assert.Contains($"Example:\n  maskrcnn coco {command} ", run.Out.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("stats")]
    [InlineData("sample", "--count", "1", "--output", "OUT/o.json")]
    [InlineData("split", "--fractions", "0.5,0.5", "--output", "OUT")]
    [InlineData("convert", "--to", "rle", "--output", "OUT/o.json")]
    public void The_input_is_an_argument_or_an_option_but_not_both(string command, params string[] options)
    {
        string input = _folder.Dataset("a.json", 2);
        Run("1", input).Exits(0);
        Run("2", "--input", input).Exits(0);
        Assert.Contains("There are two inputs", Run("3", input, "--input", input).Exits(2).Error, StringComparison.Ordinal);
        Assert.Contains("There is no input", Run("4").Exits(2).Error, StringComparison.Ordinal);
        Assert.Contains("does not exist; expected a file", Run("5", _folder.Path("b.json")).Exits(1).Error, StringComparison.Ordinal);

        CommandRun Run(string output, params string[] arguments) =>
            CommandRun.Of(["coco", command, .. arguments, .. options.Select(o => o.Replace("OUT", _folder.Path(output), StringComparison.Ordinal))]);
    }

    [Fact]
    public void Errors_are_one_json_document_too()
    {
        string broken = _folder.Write("broken.json", """{"images": [{"id": "x"}]}""");
        JsonElement error = CommandRun.Of("coco", "stats", broken, "--json").Exits(1).Json.GetProperty("error");
        Assert.Equal("invalid_file", error.GetProperty("code").GetString());
        Assert.Contains("\"id\" is \"x\"", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_existing_output_is_replaced_only_on_request()
    {
        string input = _folder.Dataset("a.json", 4), other = _folder.Dataset("b.json", 1, "other"), taken = _folder.Write("taken.json", "mine"), part = _folder.Write("parts/a-2.json", "mine");
        string[][] commands =
        [
            ["convert", input, "--to", "rle", "--output", taken],
            ["sample", input, "--count", "1", "--output", taken],
            ["merge", input, other, "--output", taken],
            ["split", input, "--fractions", "0.5,0.5", "--output", _folder.Path("parts")],
            ["convert", input, "--to", "yolo", "--output", _folder.Path("parts")],
            ["convert", input, "--to", "panoptic", "--output", _folder.Path("parts.json")],
        ];
        foreach (string[] command in commands)
        {
            JsonElement error = CommandRun.Of(["coco", .. command, "--json"]).Exits(1).Json.GetProperty("error");
            Assert.Equal("file_exists", error.GetProperty("code").GetString());
            Assert.Equal("mine", File.ReadAllText(taken));
            Assert.Equal("mine", File.ReadAllText(part));
        }
        foreach (string[] command in commands) CommandRun.Of(["coco", .. command, "--overwrite"]).Exits(0);
        Assert.NotEqual("mine", File.ReadAllText(part));
    }
}
