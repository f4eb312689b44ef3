namespace MaskRcnn.Client.Tests.Model;

/// <summary>The commands of docs/models.md.</summary>
public sealed class ModelsPageTests
{
    [Fact]
    public void Every_command_of_the_page_on_model_files_works()
    {
        using var folder = new WeightFolder();
        folder.Weights("maskrcnn_resnet50_fpn_coco-bf2d0c1e.pth", "maskrcnn_resnet50_fpn", oldNames: true);
        folder.Weights("cells.pth", "maskrcnn_resnet50_fpn", classes: 4);
        folder.Write("names.txt", "cell\nnucleus\ndebris\n");
        string[] commands = [.. File.ReadLines(Repository.File("docs/models.md")).Where(line => line.StartsWith("maskrcnn model ", StringComparison.Ordinal))];
        Assert.Equal(3, commands.Length);
        foreach (string command in commands)
            CommandRun.Of([.. command.Split(' ').Skip(1).Select(word => word.StartsWith("data/", StringComparison.Ordinal) ? folder.Path(word[5..]) : word)]).Exits(0);
    }
}
