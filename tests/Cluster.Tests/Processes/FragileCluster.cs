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
/// A coordinator, and workers with a model that some images kill and whose device can fail. They are started again as soon as they end, as by a supervisor
/// without a back-off.
/// </summary>
internal sealed class FragileCluster : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maskrcnn-test-");
    private readonly List<Process> _running = [];
    private readonly List<int> _ends = [];
    private readonly System.Text.StringBuilder _log = new();
    private bool _over;

    private FragileCluster()
    {
        TinyModel.Write(Path.Combine(_folder.FullName, "model.safetensors"));
        Directory.CreateDirectory(Images);
    }

    public MaskRcnnClient Client { get; private set; } = null!;

    public string Images => Path.Combine(_folder.FullName, "images");

    /// <summary>Where the processes look for what is to go wrong.</summary>
    public string Cache => Path.Combine(_folder.FullName, "cache");

    /// <summary>How workers' processes have ended.</summary>
    public IReadOnlyList<int> Ends
    {
        get
        {
            lock (_running) return [.. _ends];
        }
    }

    /// <summary>What the silos said.</summary>
    public string Log
    {
        get
        {
            lock (_log) return _log.ToString();
        }
    }

    public static async Task<FragileCluster> StartAsync(int workers)
    {
        var cluster = new FragileCluster();
        try
        {
            int[] ports = FreePorts.Find(2 + workers);
            cluster.Start("coordinator", ports[0], ports[1], ports[0], again: false);
            await Patience.UntilAsync("the coordinator is ready", () => cluster.Log.Contains("ready", StringComparison.Ordinal), () => Task.FromResult(cluster.Log));
            foreach (int port in ports[2..]) cluster.Start("worker", port, 0, ports[0], again: true);
            cluster.Client = await MaskRcnnClient.ConnectAsync(ClusterAddress.FromGateways(new GatewayAddress("127.0.0.1", ports[1])), new MaskRcnnClientOptions { ConnectTimeout = Patience.Usual });
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Adds a black image, whose width decides what it does to the model.</summary>
    public void AddImage(int number, int width) => File.WriteAllBytes(Path.Combine(Images, string.Create(CultureInfo.InvariantCulture, $"{number:D2}.bmp")), BmpFile.Black(width));

    /// <summary>Submits a job over the images.</summary>
    public Task<JobHandle> SubmitAsync(Func<JobSpecification, JobSpecification>? change = null)
    {
        var specification = new JobSpecification { Images = Images, Model = Path.Combine(_folder.FullName, "model.safetensors"), Output = Path.Combine(_folder.FullName, "results"), ShardSize = 4 };
        return Client.SubmitAsync(change?.Invoke(specification) ?? specification);
    }

    public Task<JobStatus> EndAsync(JobHandle job) => Patience.ForAsync(
        $"job {job.Id} ends",
        async () => await job.GetStatusAsync() is { } status && status.State.IsFinal() ? status : null,
        async () => $"{await job.GetStatusAsync()}\n{string.Join('\n', (await job.DescribeAsync()).FailedAttempts)}\n{Log}",
        TimeSpan.FromMinutes(3));

    public async ValueTask DisposeAsync()
    {
        if (Client is not null) await Client.DisposeAsync();
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
            Worker = new WorkerSettings { Cache = Cache },
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
                _ends.Add(process.ExitCode);
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
