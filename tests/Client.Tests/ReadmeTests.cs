using MaskRcnn.Client.Tests.Demo;

namespace MaskRcnn.Client.Tests;

/// <summary>The README's commands, word for word, in the order in which they stand.</summary>
public sealed class ReadmeTests
{
    private const string Demo = "./maskrcnn demo";

    /// <summary>With fewer images than it has; that it takes less than a minute is no matter of tests.</summary>
    [Fact]
    public async Task The_demo_of_the_README_works_with_the_model_that_comes_along()
    {
        Assert.SkipUnless(File.Exists(Repository.File("models/nuclei.safetensors")), "There is no models/nuclei.safetensors.");
        string output = Directory.CreateTempSubdirectory("maskrcnn-test-").FullName;
        CommandRun run = await DemoProcess.Run(["demo", "--output", Path.Combine(output, "demo"), "--count", "3", "--json"], state: output);
        Assert.True(run.Exits(0).Json.GetProperty("stats").GetProperty("segm").GetProperty("AP50").GetDouble() > .5, run.Out);
        Directory.Delete(output, recursive: true);
    }

    [Fact]
    public void Every_command_of_the_README_works()
    {
        string output = Directory.CreateTempSubdirectory("maskrcnn-test-").FullName;
        string[] commands = [.. File.ReadLines(Repository.File("README.md")).Where(line => line.StartsWith("./maskrcnn ", StringComparison.Ordinal))];
        Assert.Equal(11, commands.Length);
        Assert.Equal(Demo, commands[0]);
        foreach (string command in commands[1..])
        {
            // Paths are relative to the repository; what is written goes to a folder that the test removes.
            string[] words = [.. command.Split(' ').Skip(1).Select(word => word.StartsWith("examples/", StringComparison.Ordinal) ? Repository.File(word)
                : word.StartsWith("out/", StringComparison.Ordinal) ? Path.Combine(output, word) : word)];
            CommandRun.Of(words).Exits(0);
        }
        Directory.Delete(output, recursive: true);
    }
}
