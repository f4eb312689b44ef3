using System.Text.Json;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Coco.Datasets;

namespace MaskRcnn.Client.Tests.Samples;

public sealed class SamplesCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maskrcnn-test-");

    private string Output => Path.Combine(_folder.FullName, "cells");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Images_and_ground_truth_are_written_and_the_document_says_what_was_measured()
    {
        JsonElement json = Samples("--count", "3", "--seed", "4", "--json").Exits(0).Json;
        CocoDataset dataset = CocoReader.ReadDataset(Path.Combine(Output, "annotations.json"));
        Assert.Equal(Path.Combine(Output, "annotations.json"), json.GetProperty("annotations").GetString());
        Assert.Equal(Path.Combine(Output, "images"), json.GetProperty("imagesFolder").GetString());
        Assert.Equal(("microscopy", 4, 3), (json.GetProperty("kind").GetString(), json.GetProperty("seed").GetInt32(), json.GetProperty("images").GetInt32()));
        int nuclei = json.GetProperty("nuclei").GetInt32();
        Assert.Equal(dataset.Annotations.Count, nuclei);
        Assert.Equal(dataset.Images.Select(i => (i.Width, i.Height)).Order(), json.GetProperty("sizes").EnumerateArray().Select(s => (s.GetProperty("width").GetInt32(), s.GetProperty("height").GetInt32())));
        Assert.Equal((double)json.GetProperty("touching").GetProperty("nuclei").GetInt32() / nuclei, json.GetProperty("touching").GetProperty("share").GetDouble(), 1e-4);
        Assert.InRange(json.GetProperty("touching").GetProperty("share").GetDouble(), .2, 1);
        Assert.InRange(json.GetProperty("dim").GetProperty("share").GetDouble(), .1, 1);
        int[] perImage = [.. dataset.Annotations.GroupBy(a => a.ImageId).Select(g => g.Count()).Order()];
        Assert.Equal(perImage, ((string[])["least", "median", "most"]).Select(m => json.GetProperty("nucleiPerImage").GetProperty(m).GetInt32()));
        foreach (string name in (string[])["diameter", "contrast", "noise", "lightRange", "edgeSpill"])
            Assert.True(json.GetProperty(name).GetProperty("least").GetDouble() > 0, name);
    }

    [Fact]
    public void The_text_says_the_same()
    {
        string text = Samples("--kind", "microscopy", "-n", "1").Exits(0).Out;
        Assert.Contains($"Wrote {Path.Combine(Output, "annotations.json")}: 1 images, ", text, StringComparison.Ordinal);
        Assert.Contains("1 of 256×256", text, StringComparison.Ordinal);
        Assert.Matches(@"touching\s+\d+ \(\d+\.\d %\)", text);
        Assert.Matches(@"dim\s+\d+ \(\d+\.\d %\) \(contrast below 3 noise deviations\)", text);
    }

    [Theory]
    [InlineData("--count", "0")]
    [InlineData("--count", "-3")]
    [InlineData("--count", "10001")]
    [InlineData("--count", "many")]
    [InlineData("--kind", "kittens")]
    [InlineData("--seed", "x")]
    public void What_cannot_be_made_is_refused_with_its_value(string option, string value)
    {
        CommandRun run = Samples(option, value, "--json").Exits(ExitCode.Usage);
        JsonElement error = run.Json.GetProperty("error");
        Assert.Equal("usage", error.GetProperty("code").GetString());
        Assert.Contains(value, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public void An_earlier_set_is_replaced_only_when_it_is_said()
    {
        Samples("--count", "2").Exits(0);
        byte[] before = File.ReadAllBytes(Path.Combine(Output, "annotations.json"));
        CommandRun refused = Samples("--count", "1", "--json").Exits(ExitCode.Error);
        Assert.Equal("file_exists", refused.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(Output, "annotations.json")));
        Samples("--count", "1", "--overwrite").Exits(0);
        Assert.Single(Directory.EnumerateFiles(Path.Combine(Output, "images")));
    }

    [Fact]
    public void A_folder_of_images_that_are_not_ours_is_left_alone()
    {
        string photo = Path.Combine(Output, "images", "photo.png");
        Directory.CreateDirectory(Path.GetDirectoryName(photo)!);
        File.WriteAllText(photo, "a photo");
        Samples("--count", "1").Exits(ExitCode.Error);
        Samples("--count", "1", "--overwrite").Exits(0);
        Assert.Equal("a photo", File.ReadAllText(photo));
    }

    [Fact]
    public void A_file_in_the_folder_s_place_is_a_wrong_command_line()
    {
        File.WriteAllText(Output, "");
        Assert.Contains("expected a folder", Samples().Exits(ExitCode.Usage).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_named()
    {
        Assert.SkipUnless(File.Exists("/dev/null"), "There is no /dev/null.");
        CommandRun run = CommandRun.Of("samples", "--output", "/dev/null/cells", "--count", "1").Exits(ExitCode.Error);
        Assert.Contains("/dev/null/cells", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_s_command_works_word_for_word()
    {
        string[] commands = [.. File.ReadLines(Repository.File("docs/samples.md")).Where(line => line.StartsWith("maskrcnn ", StringComparison.Ordinal))];
        string[] words = Assert.Single(commands).Split(' ');
        Assert.Equal("cells", words[^1]);
        CommandRun.Of([.. words[1..^1], Output]).Exits(0);
        Assert.Equal(24, CocoReader.ReadDataset(Path.Combine(Output, "annotations.json")).Images.Count);
    }

    private CommandRun Samples(params string[] options) => CommandRun.Of(["samples", "--output", Output, .. options]);
}
