using System.Diagnostics;
using System.Globalization;
using System.Text;
using MaskRcnn.Client;
using MaskRcnn.Client.Connection;

namespace MaskRcnn.Cluster.Tests.Processes;

/// <summary><c>maskrcnn up</c> in a process group of its own, all of which is killed at the end.</summary>
internal sealed class UpProcess : IAsyncDisposable
{
    private const int TailLines = 25;

    private readonly string _data;
    private readonly Process _process;
    private readonly ProcessGroup _group;
    private readonly StringBuilder _said = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private UpProcess(string data, string stateHome, string[] more)
    {
        _data = data;
        // setsid takes the place of a shell's job control; as it is no leader of a group it starts no other process.
        var start = new ProcessStartInfo("setsid", ["dotnet", Repository.Client, "up", "--data", data, "--lease-seconds", "3", "--renew-seconds", "1", .. more])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["XDG_STATE_HOME"] = stateHome;
        _process = Process.Start(start)!;
        _group = new ProcessGroup(_process.Id);
        _process.OutputDataReceived += (_, line) => Heard(line.Data);
        _process.ErrorDataReceived += (_, line) => Heard(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public IReadOnlyList<RunningProcess> Members => _group.Members();

    public RunningProcess Coordinator => Assert.Single(Members, member => member.IsCoordinator);

    /// <summary>What it has printed.</summary>
    public string Said
    {
        get
        {
            lock (_said) return _said.ToString();
        }
    }

    /// <summary>Starts it and waits until jobs may come.</summary>
    public static async Task<UpProcess> StartAsync(string data, string stateHome, params string[] more)
    {
        var up = new UpProcess(data, stateHome, more);
        try
        {
            await Patience.UntilAsync("'maskrcnn up' is ready", () => up._ready.Task.IsCompleted || up._process.HasExited, () => Task.FromResult(up.Explain()));
            Assert.True(up._ready.Task.IsCompleted, $"'maskrcnn up' ended before it was ready.\n{up.Explain()}");
            return up;
        }
        catch
        {
            await up.DisposeAsync();
            throw;
        }
    }

    public Task<MaskRcnnClient> ConnectAsync() =>
        MaskRcnnClient.ConnectAsync(ClusterAddress.FromDataFolder(_data), new MaskRcnnClientOptions { ConnectTimeout = Patience.Usual, PollInterval = TimeSpan.FromMilliseconds(200) });

    /// <summary>Sends a signal to the supervisor and waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> SignalAsync(string signal)
    {
        await ProcessGroup.SignalAsync(signal, Id);
        return await ExitAsync($"'maskrcnn up' ends by SIG{signal}");
    }

    /// <summary>Sends a signal to everything, as a terminal does.</summary>
    public async Task<int> SignalGroupAsync(string signal)
    {
        await ProcessGroup.SignalAsync(signal, -Id);
        return await ExitAsync($"'maskrcnn up' and its children end by SIG{signal}");
    }

    public async Task<int> ExitAsync(string phase)
    {
        await Patience.UntilAsync(phase, () => _process.HasExited, () => Task.FromResult(Explain()), TimeSpan.FromSeconds(30));
        return _process.ExitCode;
    }

    /// <summary>Ends everything at once.</summary>
    public async Task KillEverythingAsync()
    {
        await _group.KillAsync();
        await Patience.UntilAsync("nobody of the process group lives", () => Members.Count == 0, () => Task.FromResult(Explain()));
    }

    /// <summary>Who lives, what was said, and the ends of the logs.</summary>
    public string Explain()
    {
        var text = new StringBuilder();
        foreach (RunningProcess member in Members) text.AppendLine(CultureInfo.InvariantCulture, $"lives: {member.Id} {member.CommandLine}");
        text.AppendLine("up said:").Append(Said);
        string logs = Path.Combine(_data, "logs");
        foreach (string log in Directory.Exists(logs) ? Directory.GetFiles(logs, "*.log") : [])
        {
            using var reader = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            text.AppendLine(CultureInfo.InvariantCulture, $"{Path.GetFileName(log)}:").AppendJoin('\n', reader.ReadToEnd().Split('\n').TakeLast(TailLines)).AppendLine();
        }
        return text.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await _group.KillAsync();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private void Heard(string? line)
    {
        if (line is null) return;
        lock (_said) _said.AppendLine(line);
        if (line.StartsWith("ready: ", StringComparison.Ordinal)) _ready.TrySetResult();
    }
}
