using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MaskRcnn.Silo.Settings;

namespace MaskRcnn.Cluster.Tests.Processes.Tls;

/// <summary>A silo in a process of its own, which ends with this one.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _log = new();

    public SiloProcess(SiloSettings settings)
    {
        Settings = settings;
        var start = new ProcessStartInfo("dotnet", [Repository.Built("MaskRcnn.Cluster.Tests.Host"), .. SettingsArguments.Of(settings)]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Heard(line.Data);
        _process.ErrorDataReceived += (_, line) => Heard(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public SiloSettings Settings { get; }

    public int Id => _process.Id;

    /// <summary>What it has said.</summary>
    public string Log
    {
        get
        {
            lock (_log) return _log.ToString();
        }
    }

    public IPEndPoint SiloAddress => new(IPAddress.Loopback, Settings.Endpoints.SiloPort);

    public IPEndPoint GatewayAddress => new(IPAddress.Loopback, Settings.Endpoints.GatewayPort);

    public Task ReadyAsync() => Patience.UntilAsync($"{string.Join(',', Settings.Roles)} is ready", () => $"\n{Log}".Contains("\nready", StringComparison.Ordinal), () => Task.FromResult(Log));

    /// <summary>The exit code of a process that ends by itself.</summary>
    public async Task<int> ExitAsync()
    {
        await Patience.UntilAsync("the silo ends", () => _process.HasExited, () => Task.FromResult(Log));
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    /// <summary>Ports that are free now.</summary>
    public static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (TcpListener listener in listeners) listener.Start();
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (TcpListener listener in listeners) listener.Stop();
        return ports;
    }

    private void Heard(string? line)
    {
        if (line is null) return;
        lock (_log) _log.AppendLine(line);
    }
}
