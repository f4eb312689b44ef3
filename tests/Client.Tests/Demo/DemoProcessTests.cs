using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MaskRcnn.Client.Tests.Demo;

/// <summary>The whole demo, with processes of its own.</summary>
public sealed partial class DemoProcessTests : IDisposable
{
    private readonly DemoProcess _demo = new();

    public void Dispose() => _demo.Dispose();

    [Fact]
    public async Task Everything_is_where_it_says_and_a_second_run_replaces_the_first_and_nothing_else()
    {
        JsonElement json = (await _demo.Run("--count", "4", "--seed", "3", "--json")).Exits(0).Json;
        Assert.Equal((4, 3, 0, 2), (json.GetProperty("images").GetInt32(), json.GetProperty("seed").GetInt32(), json.GetProperty("failed").GetInt32(), json.GetProperty("workers").GetArrayLength()));
        Assert.All(json.GetProperty("paths").EnumerateObject(), path => Assert.True(Path.Exists(path.Value.GetString()), path.ToString()));
        Assert.True(json.GetProperty("seconds").GetDouble() >= json.GetProperty("phases").GetProperty("job").GetDouble());
        TheNumbersAreThoseOfEval(json);
        ThePageHas(4);
        Assert.Equal(
            [".maskrcnn-demo", "annotations.json", "found", "images", "index.html", "result", "summary.png", "truth"],
            Directory.EnumerateFileSystemEntries(_demo.Output).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        // The user's commands do not turn to a cluster that is gone.
        Assert.False(Directory.Exists(_demo.State));
        Assert.Empty(_demo.Living());

        string[] mine = [.. new[] { "notes.txt", "found/mine.png", "result/mine.md" }.Select(name => Path.Combine(_demo.Output, name))];
        foreach (string file in mine) File.WriteAllText(file, "mine");
        string text = (await _demo.Run("--count", "2")).Exits(0).Out;
        Assert.All(mine, file => Assert.Equal("mine", File.ReadAllText(file)));
        Assert.Matches(@"masks +\d\.\d{3} +\d\.\d{3} +\d\.\d{3}", text);
        Assert.Contains(new Uri(Path.Combine(_demo.Output, "index.html")).AbsoluteUri, text, StringComparison.Ordinal);
        ThePageHas(2);
        Assert.Equal(2, Directory.EnumerateFiles(Path.Combine(_demo.Output, "truth")).Count());
    }

    [Fact]
    public async Task Ctrl_C_ends_every_process_and_leaves_no_page()
    {
        using Process process = _demo.Start("--count", "40");
        await DemoProcess.Phase(process, "cluster");
        Assert.Equal(4, _demo.Living().Count);
        await DemoProcess.Signal(process.Id, "-INT");
        await DemoProcess.Exit(process);
        Assert.Equal(130, process.ExitCode);
        Assert.Empty(_demo.Living());
        Assert.True(File.Exists(Path.Combine(_demo.Output, "UNFINISHED.txt")));
        Assert.False(File.Exists(Path.Combine(_demo.Output, "index.html")));
        Assert.False(Directory.Exists(Path.Combine(_demo.Output, "cluster")));
    }

    private void TheNumbersAreThoseOfEval(JsonElement json)
    {
        JsonElement paths = json.GetProperty("paths");
        JsonElement eval = CommandRun.Of(
            "eval", "--gt", paths.GetProperty("annotations").GetString()!, "--dt", paths.GetProperty("detections").GetString()!, "--iou-type", "segm",
            "--max-dets", "1,10,1000", "--fix-known-traps", "--instance-metrics", "--json").Exits(0).Json;
        Assert.Equal(eval.GetProperty("stats").GetRawText(), json.GetProperty("stats").GetProperty("segm").GetRawText());
    }

    /// <summary>Each image is there twice, with a text for those who do not see it, and nothing comes from elsewhere.</summary>
    private void ThePageHas(int images)
    {
        string page = File.ReadAllText(Path.Combine(_demo.Output, "index.html"));
        string[] pictures = [.. Picture.Matches(page).Select(match => match.Groups["file"].Value)];
        Assert.Equal(
            Enumerable.Range(1, images).SelectMany(i => new[] { $"found/microscopy-{i:D4}.png", $"truth/microscopy-{i:D4}.png" }), pictures);
        Assert.Equal(pictures.Length, Regex.Count(page, "<img "));
        foreach (string target in Target.Matches(page).Select(match => match.Groups["to"].Value))
        {
            if (target.StartsWith('#')) Assert.Contains($" id=\"{target[1..]}\"", page, StringComparison.Ordinal);
            else Assert.True(Path.Exists(Path.Combine(_demo.Output, target)), target);
        }
        Assert.DoesNotContain("//", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
    }

    [GeneratedRegex("""<img src="(?<file>[^"]+)"[^>]* alt="[^"]+">""")]
    private static partial Regex Picture { get; }

    [GeneratedRegex("""(src|href)="(?<to>[^"]*)"|url\((?<to>[^)]*)\)""")]
    private static partial Regex Target { get; }
}
