using System.Diagnostics;
using System.Globalization;
using System.Net;
using MaskRcnn.Client;
using MaskRcnn.Client.Connection;
using MaskRcnn.Client.Jobs;
using MaskRcnn.Detection.Tests;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Silo.Settings;

namespace MaskRcnn.Cluster.Tests.Processes;

/// <summary>
/// A job over 24 images, one of which kills its worker's process and one of which never comes back, on two workers. They are
/// started again as soon as they die, as by a supervisor without a back-off.
/// </summary>
public sealed class FragileImagesCluster : IAsyncLifetime
{
    internal const int Images = 24;
    internal const string Deadly = "07.bmp";
    internal const string Endless = "18.bmp";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maskrcnn-test-");
    private readonly List<Process> _running = [];
    private readonly System.Text.StringBuilder _log = new();
    private bool _over;

    internal JobStatus End { get; private set; } = null!;

    internal ResultFiles Result { get; private set; } = null!;

    /// <summary>Attempts that came to nothing.</summary>
    internal string Attempts { get; private set; } = "";

    /// <summary>Deaths of the workers' processes.</summary>
    internal int Deaths { get; private set; }

    /// <summary>What the silos said.</summary>
    internal string Log
    {
        get
        {
            lock (_log) return _log.ToString();
        }
    }

    public async ValueTask InitializeAsync()
    {
        TinyModel.Write(Path.Combine(_folder.FullName, "model.safetensors"));
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "images"));
        for (int i = 0; i < Images; i++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{i:D2}.bmp");
            File.WriteAllBytes(Path.Combine(_folder.FullName, "images", name), BmpFile.Black(name switch { Deadly => 13, Endless => 17, _ => 8 }));
        }
        int[] ports = FreePorts.Find(4);
        Start("coordinator", ports[0], ports[1], ports[0], again: false);
        await Patience.UntilAsync("the coordinator is ready", () => Log.Contains("ready", StringComparison.Ordinal), () => Task.FromResult(Log));
        Start("worker", ports[2], 0, ports[0], again: true);
        Start("worker", ports[3], 0, ports[0], again: true);
        await using MaskRcnnClient client = await MaskRcnnClient.ConnectAsync(
            ClusterAddress.FromGateways(new GatewayAddress("127.0.0.1", ports[1])), new MaskRcnnClientOptions { ConnectTimeout = Patience.Usual });
        JobHandle job = await client.SubmitAsync(new JobSpecification
        {
            Images = Path.Combine(_folder.FullName, "images"),
            Model = Path.Combine(_folder.FullName, "model.safetensors"),
            Output = Path.Combine(_folder.FullName, "results"),
            ShardSize = 4,
            ImageSeconds = 2,
        });
        End = await Patience.ForAsync(
            "a job with a deadly and an endless image ends",
            async () => await job.GetStatusAsync() is { } status && status.State.IsFinal() ? status : null,
            async () => $"{await job.GetStatusAsync()}\n{string.Join('\n', (await job.DescribeAsync()).FailedAttempts)}\n{Log}",
            TimeSpan.FromMinutes(3));
        Assert.True(End.State == JobState.CompletedWithErrors, $"{End}\n{Log}");
        Result = ResultFiles.Read(job);
        Attempts = await File.ReadAllTextAsync(Path.Combine(job.Output, "result/attempts.jsonl"));
    }

    public async ValueTask DisposeAsync()
    {
        Process[] running;
        lock (_running)
        {
            _over = true;
            running = [.. _running];
        }
        foreach (Process process in running)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        }
        _folder.Delete(recursive: true);
    }

    /// <summary>Starts a silo; it ends when this process does, as it reads a pipe from it.</summary>
    private void Start(string role, int port, int gateway, int primary, bool again)
    {
        IReadOnlyList<string> arguments = SettingsArguments.Of(new SiloSettings
        {
            Roles = [role],
            Supervised = true,
            Cluster = new ClusterSettings { Primary = new IPEndPoint(IPAddress.Loopback, primary).ToString() },
            Endpoints = new EndpointSettings { SiloPort = port, GatewayPort = gateway },
            Storage = new StorageSettings { State = Path.Combine(_folder.FullName, "state") },
            Worker = new WorkerSettings { Cache = Path.Combine(_folder.FullName, "cache") },
            Leases = new LeaseSettings { LiveSeconds = 2, RenewSeconds = .5 },
        });
        var start = new ProcessStartInfo("dotnet", [Repository.Built("MaskRcnn.Cluster.Tests.Host"), .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Heard(role, line.Data);
        process.ErrorDataReceived += (_, line) => Heard(role, line.Data);
        process.Exited += (_, _) =>
        {
            lock (_running)
            {
                if (_over || !again) return;
                Deaths++;
                _running.Remove(process);
                process.Dispose();
                Start(role, port, gateway, primary, again);
            }
        };
        lock (_running)
        {
            process.Start();
            _running.Add(process);
        }
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    private void Heard(string role, string? line)
    {
        if (line is null) return;
        lock (_log) _log.AppendLine(CultureInfo.InvariantCulture, $"{role}: {line}");
    }
}
