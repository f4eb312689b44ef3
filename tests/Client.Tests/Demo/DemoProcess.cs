using System.Diagnostics;
using System.Globalization;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Tests.Golden;
using MaskRcnn.Detection.Weights;

namespace MaskRcnn.Client.Tests.Demo;

/// <summary><c>maskrcnn demo</c> as a process of its own, with a small model whose first label is the nucleus, in a folder of the test's.</summary>
internal sealed class DemoProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maskrcnn-test-");

    public DemoProcess()
    {
        using WeightFile weights = WeightFile.Open(Repository.File("tests/data/detection/golden/tiny_model.safetensors"));
        ModelConfiguration tiny = TinyConfiguration.Value;
        ModelFile.Write(
            Path.Combine(_folder.FullName, "model.safetensors"),
            tiny with
            {
                Categories = [new LabelledCategory(1, 1, "nucleus")],
                // Its scores are low, and the demo draws from 0.5 on; here any find will do.
                PostProcessing = tiny.PostProcessing with { ScoreThreshold = .01 },
            },
            weights.Weights);
    }

    public string Output => Path.Combine(_folder.FullName, "demo");

    /// <summary>Where the user's last <c>maskrcnn up</c> would be written.</summary>
    public string State => Path.Combine(_folder.FullName, "state");

    public Process Start(params string[] more) => Start(["demo", "--output", Output, "--model", Path.Combine(_folder.FullName, "model.safetensors"), .. more], State);

    public Task<CommandRun> Run(params string[] more) => Run(["demo", "--output", Output, "--model", Path.Combine(_folder.FullName, "model.safetensors"), .. more], State);

    /// <summary>Runs a command as a process.</summary>
    /// <param name="command">What follows <c>maskrcnn</c>.</param>
    /// <param name="state">A folder for what the program keeps of its user.</param>
    public static async Task<CommandRun> Run(string[] command, string state)
    {
        using Process process = Start(command, state);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        return new CommandRun(process.ExitCode, await output, await error);
    }

    /// <summary>Reads stderr up to the line of a phase.</summary>
    public static async Task Phase(Process process, string name)
    {
        while (await process.StandardError.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.Contains($" s  {name} ", StringComparison.Ordinal)) return;
        }
        Assert.Fail($"The demo ended with {process.ExitCode} before the phase '{name}'.");
    }

    public static async Task Signal(int process, string signal)
    {
        using Process kill = Process.Start("kill", [signal, process.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync().WaitAsync(Patience);
        Assert.Equal(0, kill.ExitCode);
    }

    public static Task Exit(Process process) => process.WaitForExitAsync().WaitAsync(Patience);

    /// <summary>Processes, of whatever parent, whose command line names the test's folder.</summary>
    public IReadOnlyList<(int Id, string CommandLine)> Living() =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _))
            .Select(name => (int.Parse(name!, CultureInfo.InvariantCulture), CommandLine(name!))).Where(process => process.Item2.Contains(_folder.FullName, StringComparison.Ordinal))];

    public void Dispose() => _folder.Delete(recursive: true);

    private static Process Start(string[] command, string state)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "maskrcnn.dll"), .. command]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["XDG_STATE_HOME"] = state;
        return Process.Start(start)!;
    }

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }
}
