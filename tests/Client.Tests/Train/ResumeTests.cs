using System.Diagnostics;

namespace MaskRcnn.Client.Tests.Train;

/// <summary>Going on with a run, and what is refused.</summary>
public sealed class ResumeTests
{
    [Fact]
    public void A_run_goes_on_from_an_older_checkpoint_when_newer_ones_are_damaged()
    {
        using TrainFolder folder = new();
        string undisturbed = folder.Undisturbed();
        folder.Train(TrainFolder.Recipe()).Exits(0);
        Assert.Equal([10, 15, 20], TrainFolder.Checkpoints(folder.Output));

        // One is cut, of one a bit is turned where only the checksum sees it.
        using (FileStream cut = File.OpenWrite(TrainFolder.Checkpoint(folder.Output, 20))) cut.SetLength(cut.Length / 2);
        using (FileStream turned = File.Open(TrainFolder.Checkpoint(folder.Output, 15), FileMode.Open))
        {
            turned.Position = turned.Length - 99;
            int value = turned.ReadByte();
            turned.Position--;
            turned.WriteByte((byte)(value ^ 4));
        }

        File.Delete(Path.Combine(folder.Output, "model.safetensors"));
        // An interrupted line, and a file that a killed process left.
        File.AppendAllText(Path.Combine(folder.Output, "metrics.jsonl"), "{\"step\":21,\"lo");
        File.WriteAllText(Path.Combine(folder.Output, "checkpoints", $".{new string('a', 32)}.tmp"), "half");
        CommandRun run = folder.Train("--resume", "--json").Exits(0);
        Assert.Equal(TrainFolder.Steps, run.Json.GetProperty("steps").GetInt32());
        Assert.Contains($"{TrainFolder.Checkpoint(folder.Output, 20)}", run.Error, StringComparison.Ordinal);
        Assert.Contains("it is damaged: its SHA-256 is", run.Error, StringComparison.Ordinal);
        Assert.Contains("10 of 20 steps", run.Error, StringComparison.Ordinal);
        Assert.Equal(TrainFolder.Metrics(undisturbed), TrainFolder.Metrics(folder.Output));

        // With all of the last few gone, there is still the best one.
        foreach (int step in TrainFolder.Checkpoints(folder.Output)) File.Delete(TrainFolder.Checkpoint(folder.Output, step));
        Assert.Contains("best.safetensors", folder.Train("--resume").Exits(0).Error, StringComparison.Ordinal);
        TrainFolder.AssertSame(undisturbed, folder.Output);
    }

    [Fact]
    public void Options_that_are_given_again_must_agree_and_differences_are_named()
    {
        using TrainFolder folder = new();
        folder.Train([.. TrainFolder.Recipe(2)]).Exits(0);
        // The same command line again, and none of it.
        folder.Train([.. TrainFolder.Recipe(2), "--resume"]).Exits(0);
        folder.Train("--resume").Exits(0);

        CommandRun other = folder.Train("--resume", "--preset", "finetune-small", "--steps", "3", "--set", "optimizer.learning_rate=0.5", "--json").Exits(2);
        Assert.Equal("other_settings", other.Json.GetProperty("error").GetProperty("code").GetString());
        string message = other.Json.GetProperty("error").GetProperty("message").GetString()!;
        foreach (string expected in new[] { "preset is nuclei there and finetune-small here", "steps is 2 there and 3 here", "optimizer.learning_rate is 0.02 there and 0.5 here" })
            Assert.Contains(expected, message, StringComparison.Ordinal);

        string weights = Path.Combine(folder.Output, "model.safetensors");
        Assert.Contains($"init is none there and {weights} here", folder.Train("--resume", "--init", weights).Exits(2).Error, StringComparison.Ordinal);
        Assert.Contains("val is", CommandRun.Of(["train", .. folder.Data[..4], "--output", folder.Output, "--resume"]).Exits(2).Error, StringComparison.Ordinal);

        // Another class would give another network.
        string data = File.ReadAllText(folder.Path("train.json"));
        File.WriteAllText(folder.Path("train.json"), data.Replace("\"disc\"", "\"ring\"", StringComparison.Ordinal));
        Assert.Contains("model.categories is", folder.Train("--resume").Exits(2).Error, StringComparison.Ordinal);
        File.WriteAllText(folder.Path("train.json"), data + " ");
        Assert.Contains("is not the file that the run began with", folder.Train("--resume").Exits(0).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_run_there_is_nothing_to_resume()
    {
        using TrainFolder folder = new();
        Assert.Contains("holds no run to go on with", folder.Train("--resume").Exits(1).Error, StringComparison.Ordinal);
        Directory.CreateDirectory(folder.Output);
        Assert.Equal("nothing_to_resume", folder.Train("--resume", "--json").Exits(1).Json.GetProperty("error").GetProperty("code").GetString());

        // A whole command line may be repeated, whether the first try came to a checkpoint or not.
        File.WriteAllText(Path.Combine(folder.Output, "configuration.json"), "{");
        Assert.Contains("it begins", folder.Train([.. TrainFolder.Recipe(1), "--resume"]).Exits(0).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_empty_is_refused_with_advice()
    {
        using TrainFolder folder = new();
        folder.Train([.. TrainFolder.Recipe(1)]).Exits(0);
        CommandRun again = folder.Train([.. TrainFolder.Recipe(), "--json"]).Exits(1);
        Assert.Equal("run_exists", again.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.Contains("1 of 1 steps. Go on with --resume", again.Json.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);

        foreach (string file in Directory.EnumerateFiles(Path.Combine(folder.Output, "checkpoints"))) File.WriteAllText(file, "no checkpoint");
        Assert.Contains("has no checkpoint that can be read", folder.Train("--resume").Exits(1).Error, StringComparison.Ordinal);

        CommandRun images = CommandRun.Of(["train", .. folder.Data, "--output", folder.Path("train"), .. TrainFolder.Recipe()]).Exits(1);
        Assert.Contains("is not empty. Choose another --output", images.Error, StringComparison.Ordinal);
        CommandRun file2 = CommandRun.Of(["train", .. folder.Data, "--output", folder.Path("train.json"), .. TrainFolder.Recipe()]).Exits(1);
        Assert.Contains("is a file", file2.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_which_another_process_trains_is_refused()
    {
        using TrainFolder folder = new();
        Directory.CreateDirectory(folder.Output);
        using FileStream held = new(Path.Combine(folder.Output, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        Assert.Contains("another process trains in this folder", folder.Train(TrainFolder.Recipe()).Exits(1).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_leaves_the_last_checkpoint_and_the_run_goes_on_when_there_is_room()
    {
        using TrainFolder folder = new();
        string disk = folder.Path("disk");
        Directory.CreateDirectory(disk);
        Assert.SkipUnless(await IsDoneAsync("mount", "-t", "tmpfs", "-o", "size=700k", "tmpfs", disk), "A small file system cannot be mounted by this user.");
        try
        {
            string output = Path.Combine(disk, "run");
            CommandRun full = CommandRun.Of(["train", .. folder.Data, "--output", output, .. TrainFolder.Recipe(), "--json"]).Exits(1);
            string message = full.Json.GetProperty("error").GetProperty("message").GetString()!;
            int last = TrainFolder.Checkpoints(output)[^1];
            Assert.Contains("No space left on device", message, StringComparison.Ordinal);
            Assert.Contains($"its last checkpoint is of step {last}. Make room", message, StringComparison.Ordinal);

            Assert.True(await IsDoneAsync("mount", "-o", "remount,size=64m", disk));
            Assert.Contains($"{last} of 20 steps", CommandRun.Of(["train", .. folder.Data, "--output", output, "--resume"]).Exits(0).Error, StringComparison.Ordinal);
            TrainFolder.AssertSame(folder.Undisturbed(), output);
        }
        finally
        {
            await IsDoneAsync("umount", "--lazy", disk);
        }
    }

    private static async Task<bool> IsDoneAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }
}
