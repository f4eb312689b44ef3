namespace MaskRcnn.Client.Tests.Train;

/// <summary>The commands of docs/training.md, in the order in which they stand, on a small model and with few steps.</summary>
public sealed class TrainingPageTests
{
    [Fact]
    public void Every_command_of_the_page_on_training_works()
    {
        using TrainFolder folder = new();
        string first = Path.Combine(folder.Undisturbed(2), "model.safetensors");
        string[] commands = [.. File.ReadLines(Repository.File("docs/training.md")).Where(line => line.StartsWith("./maskrcnn ", StringComparison.Ordinal))];
        Assert.Equal(6, commands.Length);
        foreach (string command in commands)
        {
            string[] words = [.. command.Replace("--steps 60", "--steps 2", StringComparison.Ordinal).Split(' ').Skip(1).Select(word =>
                word == "models/nuclei.safetensors" ? first : word.StartsWith("my-", StringComparison.Ordinal) ? folder.Path(word) : word)];
            CommandRun.Of(words).Exits(0);
        }

        Assert.True(File.Exists(folder.Path("my-run/MODEL.md")));
    }
}
