using System.Diagnostics;
using System.Globalization;
using MaskRcnn.Cluster.Tests.Processes;
using MaskRcnn.Silo.Redis;
using MaskRcnn.Silo.Settings;

namespace MaskRcnn.Cluster.Tests.Redis;

/// <summary>A redis-server of its own, on a free port and a folder of its own.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private const string Variable = "MASKRCNN_TEST_REDIS";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maskrcnn-test-");
    private readonly string[] _arguments;
    private Process? _process;

    private RedisServer(int port, string[] arguments, RedisSettings settings)
    {
        (Port, _arguments) = (port, arguments);
        Settings = settings with { Endpoints = [Endpoint] };
    }

    public int Port { get; }

    public string Endpoint => string.Create(CultureInfo.InvariantCulture, $"localhost:{Port}");

    /// <summary>How a silo reaches it.</summary>
    public RedisSettings Settings { get; }

    /// <summary>Starts one that keeps everything as it should; where there is none the test is skipped.</summary>
    /// <param name="settings">How it will be asked.</param>
    /// <param name="arguments">More of its configuration; given the port.</param>
    public static async Task<RedisServer> StartAsync(RedisSettings? settings = null, Func<string, string[]>? arguments = null)
    {
        Skip();
        int port = FreePorts.Find();
        string text = port.ToString(CultureInfo.InvariantCulture);
        var server = new RedisServer(port, arguments?.Invoke(text) ?? ["--port", text, "--appendonly", "yes", "--appendfsync", "everysec"], settings ?? new RedisSettings());
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Where there is no redis-server the test is skipped.</summary>
    public static void Skip() => Assert.SkipWhen(string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)), $"{Variable} is not set: ./test.sh installs redis-server (Debian's package) and sets it.");

    /// <summary>Starts it, with what its folder holds.</summary>
    public async Task StartAgainAsync()
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable(Variable)!, ["--bind", "127.0.0.1", "--dir", _folder.FullName, "--save", "", "--daemonize", "no", .. _arguments]) { RedirectStandardOutput = true };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        await Patience.UntilAsync("redis-server answers", Answers, () => Task.FromResult($"port {Port}, exited {_process.HasExited}"));
    }

    /// <summary>Kills it.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _process = null;
    }

    /// <summary>Throws away what it has written.</summary>
    public void LoseData()
    {
        foreach (DirectoryInfo folder in _folder.GetDirectories()) folder.Delete(recursive: true);
        foreach (FileInfo file in _folder.GetFiles()) file.Delete();
    }

    /// <summary>Asks it.</summary>
    public IReadOnlyList<string?> Ask(params string[] command)
    {
        using var nodes = new RedisNodes(Settings);
        return nodes.Ask(command);
    }

    /// <summary>Copies its files, as a backup does.</summary>
    public void BackUp(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (FileInfo file in _folder.EnumerateFiles("*", SearchOption.AllDirectories).ToArray())
        {
            string copy = Path.Combine(folder, Path.GetRelativePath(_folder.FullName, file.FullName));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            file.CopyTo(copy, overwrite: true);
        }
    }

    /// <summary>Puts the files of a backup in place of its own; it must not run.</summary>
    public void Restore(string folder)
    {
        LoseData();
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(_folder.FullName, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await KillAsync();
        _folder.Delete(recursive: true);
    }

    private bool Answers()
    {
        try
        {
            return Ask("PING") is ["PONG"];
        }
        catch (IOException)
        {
            return false;
        }
    }
}
