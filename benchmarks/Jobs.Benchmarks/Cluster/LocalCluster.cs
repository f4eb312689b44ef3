using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MaskRcnn.Client;
using MaskRcnn.Client.Connection;
using MaskRcnn.Grains.Placement;
using MaskRcnn.Jobs.Benchmarks.Scale;
using MaskRcnn.Silo.Settings;

namespace MaskRcnn.Jobs.Benchmarks.Cluster;

/// <summary>A coordinator and workers, a process each, as <c>maskrcnn up</c> starts them.</summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    private readonly List<SiloProcess> _processes = [];

    public IReadOnlyList<SiloProcess> Processes => _processes;

    public MaskRcnnClient Client { get; private set; } = null!;

    /// <summary>Where clients reach it.</summary>
    public IPEndPoint Gateway { get; private set; } = null!;

    public static async Task<LocalCluster> StartAsync(string folder, int workers, bool nullModel, ScaledTime? clock = null, bool metrics = false)
    {
        var cluster = new LocalCluster();
        int[] ports = FreePorts(3 + 2 * workers);
        SiloSettings coordinator = new()
        {
            Roles = [SiloRoles.Coordinator],
            Endpoints = new EndpointSettings { SiloPort = ports[0], GatewayPort = ports[1] },
            Storage = new StorageSettings { State = Path.Combine(folder, "state") },
            Worker = new WorkerSettings { Cache = Path.Combine(folder, "cache") },
            Telemetry = new TelemetrySettings { Prometheus = metrics },
            Health = new HealthSettings { Port = metrics ? ports[2] : 0 },
        };
        cluster.Gateway = new IPEndPoint(IPAddress.Loopback, ports[1]);
        await cluster.AddAsync("coordinator", coordinator, nullModel, clock);
        for (int i = 0; i < workers; i++)
        {
            await cluster.AddAsync(string.Create(CultureInfo.InvariantCulture, $"worker {i + 1}"), coordinator with
            {
                Roles = [SiloRoles.Worker],
                Endpoints = new EndpointSettings { SiloPort = ports[3 + 2 * i] },
                Health = new HealthSettings { Port = metrics ? ports[4 + 2 * i] : 0 },
                Cluster = new ClusterSettings { Primary = new IPEndPoint(IPAddress.Loopback, ports[0]).ToString() },
                Worker = coordinator.Worker with { Threads = Math.Max(1, Environment.ProcessorCount / workers) },
            }, nullModel, clock);
        }
        cluster.Client = await MaskRcnnClient.ConnectAsync(
            ClusterAddress.FromGateways(new GatewayAddress("127.0.0.1", ports[1])), new MaskRcnnClientOptions { PollInterval = TimeSpan.FromMilliseconds(50) });
        return cluster;
    }

    public async ValueTask DisposeAsync()
    {
        if (Client is not null) await Client.DisposeAsync();
        // The coordinator last: the workers give their leases back.
        foreach (SiloProcess process in Enumerable.Reverse(_processes)) process.Dispose();
    }

    private async Task AddAsync(string name, SiloSettings options, bool nullModel, ScaledTime? clock)
    {
        var process = new SiloProcess(name, options, nullModel, clock);
        _processes.Add(process);
        await process.WaitUntilReadyAsync();
    }

    private static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        Array.ForEach(listeners, listener => listener.Start());
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        Array.ForEach(listeners, listener => listener.Stop());
        return ports;
    }
}
