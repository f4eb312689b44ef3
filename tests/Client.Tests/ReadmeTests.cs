namespace MaskRcnn.Client.Tests;

/// <summary>The README's commands, word for word, in the order in which they stand.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void Every_command_of_the_README_works()
    {
        string output = Directory.CreateTempSubdirectory("maskrcnn-test-").FullName;
        string[] commands = [.. File.ReadLines(Repository.File("README.md")).Where(line => line.StartsWith("./maskrcnn ", StringComparison.Ordinal))];
        Assert.Equal(11, commands.Length);
        foreach (string command in commands)
        {
            // Paths are relative to the repository; what is written goes to a folder that the test removes.
            string[] words = [.. command.Split(' ').Skip(1).Select(word => word.StartsWith("examples/", StringComparison.Ordinal) ? Repository.File(word)
                : word.StartsWith("out/", StringComparison.Ordinal) ? Path.Combine(output, word) : word)];
            CommandRun.Of(words).Exits(0);
        }
        Directory.Delete(output, recursive: true);
    }
}
