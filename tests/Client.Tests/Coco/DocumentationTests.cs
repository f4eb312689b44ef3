using System.Runtime.CompilerServices;

namespace MaskRcnn.Client.Tests.Coco;

public sealed class DocumentationTests
{
    [Fact]
    public void Every_command_of_the_page_on_data_sets_works()
    {
        using var folder = new DatasetFolder();
        folder.Dataset("instances.json", 5);
        folder.Dataset("a.json", 2, "a");
        folder.Dataset("b.json", 2, "b");
        folder.Write("detections.json", "[]");
        string[] commands = [.. File.ReadLines(Page()).Where(line => line.StartsWith("maskrcnn coco ", StringComparison.Ordinal))];
        Assert.Equal(11, commands.Length);
        foreach (string command in commands)
            CommandRun.Of([.. command.Split(' ').Skip(1).Select(word => word.StartsWith("data/", StringComparison.Ordinal) ? folder.Path(word[5..]) : word)]).Exits(0);
    }

    private static string Page([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "../../../docs/coco.md");
}
