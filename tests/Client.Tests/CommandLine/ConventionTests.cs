using System.CommandLine;
using MaskRcnn.Client.CommandLine;

namespace MaskRcnn.Client.Tests.CommandLine;

/// <summary>What holds for every command, those to come too.</summary>
public sealed class ConventionTests
{
    [Fact]
    public void Every_command_has_help_with_an_example()
    {
        foreach (string[] path in Paths(MaskRcnnCommand.Create(), []))
        {
            string help = CommandRun.Of([.. path, "--help"]).Exits(0).Out;
            Assert.True(help.Contains("Example:", StringComparison.Ordinal), $"maskrcnn {string.Join(' ', path)} --help has no example.");
        }
    }

    [Fact]
    public void A_mistyped_option_of_any_command_exits_with_2_and_with_json_one_document()
    {
        foreach (string[] path in Paths(MaskRcnnCommand.Create(), []))
        {
            Assert.Contains("--mistyped", CommandRun.Of([.. path, "--mistyped"]).Exits(2).Error, StringComparison.Ordinal);
            CommandRun run = CommandRun.Of([.. path, "--mistyped", "--json"]).Exits(2);
            Assert.Equal("usage", run.Json.GetProperty("error").GetProperty("code").GetString());
        }
    }

    [Fact]
    public void No_command_at_all_exits_with_2_and_says_how_to_go_on()
    {
        Assert.Contains("maskrcnn --help", CommandRun.Of().Exits(2).Error, StringComparison.Ordinal);
        Assert.Contains("maskrcnn coco --help", CommandRun.Of("coco").Exits(2).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _maskrcnn maskrcnn")]
    [InlineData("zsh", "compdef _maskrcnn maskrcnn")]
    [InlineData("fish", "complete -c maskrcnn")]
    public void Each_shell_has_a_completion_script(string shell, string expected) =>
        Assert.Contains(expected, CommandRun.Of("completion", shell).Exits(0).Out, StringComparison.Ordinal);

    [Theory]
    [InlineData("ev", "eval")]
    [InlineData("eval --iou-th", "--iou-thresholds")]
    [InlineData("eval --iou-type ", "keypoints")]
    [InlineData("coco con", "convert")]
    [InlineData("model convert --dtype ", "bf16")]
    [InlineData("model inspect --arch ", "keypointrcnn_resnet50_fpn")]
    public void Completion_knows_commands_options_and_values(string line, string expected)
    {
        string[] answers = CommandRun.Of($"[suggest:{line.Length}]", line).Exits(0).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Contains(expected, answers);
    }

    private static IEnumerable<string[]> Paths(Command command, string[] path)
    {
        if (command.Subcommands.Count == 0) yield return path;
        foreach (Command child in command.Subcommands)
        {
            foreach (string[] deeper in Paths(child, [.. path, child.Name])) yield return deeper;
        }
    }
}
