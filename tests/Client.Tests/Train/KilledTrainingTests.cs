using System.Text.Json;

namespace MaskRcnn.Client.Tests.Train;

/// <summary>Real processes that are ended while they train.</summary>
public sealed class KilledTrainingTests
{
    private const int Kills = 5;

    [Theory]
    [InlineData("fp32")]
    [InlineData("bf16")]
    public async Task A_run_that_is_killed_again_and_again_gives_what_an_undisturbed_run_gives(string precision)
    {
        using TrainFolder folder = new();
        string[] arguments = [.. folder.Data, .. TrainFolder.Recipe(precision: precision), "--threads", "2"];
        string undisturbed = folder.Path("undisturbed");
        int changes;
        using (TrainProcess process = TrainProcess.Start(undisturbed, int.MaxValue, arguments))
        {
            await process.ExitsAsync(0);
            changes = process.Changes;
        }

        // A change is a line of metrics, a block of a checkpoint, a picture, …: kills fall on any of them.
        Random random = new(5);
        int killed = 0;
        for (int i = 0; i < Kills; i++)
        {
            using TrainProcess process = TrainProcess.Start(folder.Output, random.Next(1, changes * 2 / 3), [.. arguments, "--resume"]);
            await process.ReachedAsync();
            process.Kill();
            await process.EndAsync();
            killed += process.ExitCode == 0 ? 0 : 1;
        }

        Assert.True(killed >= 2, $"Only {killed} of {Kills} processes were killed before their end.");
        using (TrainProcess last = TrainProcess.Start(folder.Output, int.MaxValue, [.. arguments, "--resume", "--json"]))
        {
            (string output, _) = await last.ExitsAsync(0);
            Assert.Equal(TrainFolder.Steps, JsonDocument.Parse(output).RootElement.GetProperty("steps").GetInt32());
        }

        TrainFolder.AssertSame(undisturbed, folder.Output);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 3)]
    public async Task A_signal_writes_a_checkpoint_of_the_last_step_and_the_run_goes_on_from_it(string signal, int code)
    {
        using TrainFolder folder = new();
        string[] endless = [.. TrainFolder.Recipe(100_000), "--set", "checkpoint_every=1000000", "evaluate_every=1000000"];
        using (TrainProcess process = TrainProcess.Start(folder.Output, 60, [.. folder.Data, .. endless]))
        {
            await process.ReachedAsync();
            await process.SignalAsync(signal);
            (_, string error) = await process.ExitsAsync(code);
            Assert.Contains(code == 130 ? "Interrupted by Ctrl-C" : "Cancelled", error, StringComparison.Ordinal);
        }

        int last = TrainFolder.Metrics(folder.Output).Length;
        Assert.Equal([0, last], TrainFolder.Checkpoints(folder.Output));
        using TrainProcess resumed = TrainProcess.Start(folder.Output, 30, [.. folder.Data, "--resume"]);
        await resumed.ReachedAsync();
        await resumed.SignalAsync("INT");
        (_, string text) = await resumed.ExitsAsync(130);
        Assert.Contains($"{last} of 100000 steps", text, StringComparison.Ordinal);
        Assert.True(TrainFolder.Metrics(folder.Output).Length > last);
    }
}
