using System.Text.Json;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Client.Demo;

namespace MaskRcnn.Client.Tests.Demo;

/// <summary>What is refused before anything starts.</summary>
public sealed class DemoCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maskrcnn-test-");

    private string Output => Path.Combine(_folder.FullName, "demo");

    private string Model => Path.Combine(_folder.FullName, "model.safetensors");

    public DemoCommandTests() => File.WriteAllText(Model, "is not looked at");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("--count", "0")]
    [InlineData("--count", "10001")]
    [InlineData("--seed", "x")]
    [InlineData("--output", " ")]
    public void What_cannot_be_is_a_wrong_command_line(string option, string value)
    {
        CommandRun run = CommandRun.Of("demo", "--output", Output, "--model", Model, option, value, "--json").Exits(ExitCode.Usage);
        Assert.Contains(option, run.Json.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public void A_model_that_is_not_there_is_named()
    {
        CommandRun run = CommandRun.Of("demo", "--output", Output, "--model", Path.Combine(_folder.FullName, "none.safetensors")).Exits(ExitCode.Error);
        Assert.Contains("none.safetensors", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public void Without_the_program_s_own_model_the_error_says_what_to_do()
    {
        CommandException error = Assert.Throws<CommandException>(() => DemoModel.Find(null, _folder.FullName));
        Assert.Equal((ExitCode.Error, "no_model"), (error.ExitCode, error.Code));
        Assert.Contains(Path.Combine(_folder.FullName, "models", "nuclei.safetensors"), error.Message, StringComparison.Ordinal);
        Assert.Contains("git checkout models", error.Message, StringComparison.Ordinal);
        Assert.Contains("--model FILE", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_program_s_own_model_is_found_beside_it()
    {
        string model = Path.Combine(_folder.FullName, "models", "nuclei.safetensors");
        Directory.CreateDirectory(Path.GetDirectoryName(model)!);
        File.WriteAllText(model, "");
        Assert.Equal(model, DemoModel.Find(null, _folder.FullName));
    }

    [Fact]
    public void A_folder_of_files_that_no_demo_has_made_is_left_alone()
    {
        Directory.CreateDirectory(Output);
        File.WriteAllText(Path.Combine(Output, "index.html"), "mine");
        CommandRun run = CommandRun.Of("demo", "--output", Output, "--model", Model, "--json").Exits(ExitCode.Error);
        JsonElement error = run.Json.GetProperty("error");
        Assert.Equal("file_exists", error.GetProperty("code").GetString());
        Assert.Contains("Choose another --output", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(["index.html"], Directory.EnumerateFileSystemEntries(Output).Select(Path.GetFileName));
    }

    [Fact]
    public void A_file_in_the_folder_s_place_is_a_wrong_command_line()
    {
        File.WriteAllText(Output, "");
        Assert.Contains("expected a folder", CommandRun.Of("demo", "--output", Output, "--model", Model).Exits(ExitCode.Usage).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_demos_do_not_write_to_one_folder_at_the_same_time()
    {
        using (DemoFolder.Take(Output))
            Assert.Contains("Another demo runs", CommandRun.Of("demo", "--output", Output, "--model", Model).Exits(ExitCode.Error).Error, StringComparison.Ordinal);
        DemoFolder.Take(Output).Dispose();
    }

    [Fact]
    public void A_demo_that_would_not_fit_is_refused_with_what_it_needs()
    {
        using DemoFolder folder = DemoFolder.Take(Output);
        folder.CheckSpace(1);
        CommandException error = Assert.Throws<CommandException>(() => folder.CheckSpace(int.MaxValue));
        Assert.Equal((ExitCode.Error, "no_space"), (error.ExitCode, error.Code));
        Assert.Contains("fewer images by --count", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_an_earlier_demo_everything_goes_and_of_the_user_s_nothing()
    {
        string[] ours = ["index.html", "summary.png", "found/microscopy-0001.png", "truth/microscopy-0001.png", "result/masks.tar", "result/manifest.json", "result/index/index.json", "result/thumbnails/00000.tar", "cluster/state/x", "cluster/logs/worker-1.log", "cluster/up.lock"];
        string[] theirs = ["todo.txt", "truth/own.png", "result/own/x.json", "cluster/own.txt"];
        using DemoFolder folder = DemoFolder.Take(Output);
        foreach (string file in (string[])[.. ours, .. theirs])
        {
            string path = Path.Combine(Output, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "x");
        }
        folder.Begin();
        Assert.All(ours, file => Assert.False(File.Exists(Path.Combine(Output, file)), file));
        Assert.All(theirs, file => Assert.True(File.Exists(Path.Combine(Output, file)), file));
        Assert.True(File.Exists(Path.Combine(Output, "UNFINISHED.txt")));
        folder.Finish();
        Assert.False(File.Exists(Path.Combine(Output, "UNFINISHED.txt")));
    }
}
