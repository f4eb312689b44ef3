using System.Diagnostics;
using System.Net;
using MaskRcnn.Silo.Hosting;
using MaskRcnn.Silo.Settings;

namespace MaskRcnn.Cluster.Tests.Processes;

/// <summary>A silo's process, as an operator starts it: secrets are in its environment.</summary>
internal sealed class SiloProcess : IDisposable
{
    private readonly Process _process;
    private readonly System.Text.StringBuilder _said = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SiloProcess(string name, SiloSettings settings, string program = "MaskRcnn.Silo", params (string Name, string Value)[] environment)
    {
        (Name, Settings) = (name, settings);
        string[] arguments = [.. SettingsArguments.Of(settings with { Redis = settings.Redis with { Password = null, User = null }, Supervised = true }).Skip(2)];
        var start = new ProcessStartInfo("dotnet", [Repository.Built(program), .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        if (settings.Redis.Password is { } password) (start.Environment["MASKRCNN_Redis__User"], start.Environment["MASKRCNN_Redis__Password"]) = (settings.Redis.User, password.Reveal());
        foreach ((string variable, string value) in environment) start.Environment[variable] = value;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Heard(line.Data);
        _process.ErrorDataReceived += (_, line) => Heard(line.Data);
        _process.Start();
        Id = _process.Id;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Name { get; }

    public SiloSettings Settings { get; }

    public IPEndPoint SiloAddress => new(IPAddress.Loopback, Settings.Endpoints.SiloPort);

    public IPEndPoint GatewayAddress => new(IPAddress.Loopback, Settings.Endpoints.GatewayPort);

    public int Id { get; }

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public string Said
    {
        get
        {
            lock (_said) return _said.ToString();
        }
    }

    public async Task ReadyAsync()
    {
        await Patience.UntilAsync($"{Name} is a member", () => _ready.Task.IsCompleted || HasExited, () => Task.FromResult(Said));
        Assert.True(_ready.Task.IsCompleted, $"{Name} ended before it was a member.\n{Said}");
    }

    /// <summary>Waits for its end.</summary>
    public async Task<int> ExitAsync(TimeSpan limit)
    {
        await Patience.UntilAsync($"{Name} ends", () => HasExited, () => Task.FromResult(Said), limit);
        await _process.WaitForExitAsync(CancellationToken.None);
        return ExitCode;
    }

    public void Kill() => _process.Kill();

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Heard(string? line)
    {
        if (line is null) return;
        lock (_said) _said.AppendLine(line);
        if (line == SiloProgram.ReadyLine) _ready.TrySetResult();
    }
}
