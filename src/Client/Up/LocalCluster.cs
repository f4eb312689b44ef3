using System.Globalization;
using System.Net;
using MaskRcnn.Client.Connection;
using MaskRcnn.Grains.Placement;
using MaskRcnn.Silo.Hosting;
using MaskRcnn.Silo.Settings;
using MaskRcnn.Storage.Local;
using Microsoft.Extensions.Hosting;

namespace MaskRcnn.Client.Up;

/// <summary>A cluster on this machine: its data folder, its ports, and that clients find it.</summary>
/// <param name="options">What was asked for.</param>
/// <param name="say">Is told, in a sentence for people, what becomes of its processes.</param>
internal sealed class LocalCluster(UpOptions options, Action<string> say)
{
    /// <summary>Who presses Ctrl-C waits for it. It is below what the supervisor, and a silo that has lost it, wait before they kill.</summary>
    private const double GraceSeconds = 3;

    /// <summary>Runs it until it is told to stop.</summary>
    /// <param name="ready">Called once, when jobs may come, with the cluster and the workers' devices.</param>
    /// <param name="stop">Tells to stop.</param>
    public void Run(Action<ClusterFile, IReadOnlyList<string>> ready, CancellationToken stop)
    {
        using var dataLock = new DataLock(options);
        Directory.CreateDirectory(options.Logs);
        Directory.CreateDirectory(options.State);
        // What killed processes have left of writes that nobody sees.
        new LocalBlobStore(options.State).Sweep();
        IReadOnlyList<string> devices = Devices();
        int? lastGateway = ClusterFile.TryRead(options.Data) is { Gateways: [var gateway, ..] } && IPEndPoint.TryParse(gateway, out IPEndPoint? endpoint) ? endpoint.Port : null;
        // The gateway's port stays what it was, if it is free: clients that wait find it again.
        int[] ports = FreePorts.Find(2 + devices.Count, lastGateway);
        var cluster = new ClusterFile
        {
            Gateways = [$"127.0.0.1:{ports[0].ToString(CultureInfo.InvariantCulture)}"],
            ProcessId = Environment.ProcessId,
            Data = options.Data,
            Started = TimeProvider.System.GetUtcNow(),
        };
        cluster.Write(options.Data);
        if (options.IsUsersOwn) new LastUp(options.Data).Write();
        SiloSettings coordinator = Silo([SiloRoles.Coordinator], ports[1], gateway: ports[0]);
        try
        {
            if (options.InProcess) RunInProcess(coordinator with { Roles = [SiloRoles.Coordinator, SiloRoles.Worker], Worker = coordinator.Worker with { Devices = devices } }, Ready, stop);
            else new Supervisor(options, coordinator, [.. devices.Select((device, i) => Worker(coordinator, ports[2 + i], device, devices.Count))], say).Run(Ready, stop);
        }
        finally
        {
            (cluster with { Ready = false }).Write(options.Data);
        }

        void Ready()
        {
            (cluster with { Ready = true }).Write(options.Data);
            ready(cluster, devices);
        }
    }

    private static void RunInProcess(SiloSettings silo, Action ready, CancellationToken stop)
    {
        using IHost host = SiloHost.Build(silo);
        host.StartAsync(stop).GetAwaiter().GetResult();
        ready();
        stop.WaitHandle.WaitOne();
        host.StopAsync(CancellationToken.None).GetAwaiter().GetResult();
    }

    private SiloSettings Worker(SiloSettings coordinator, int port, string device, int count)
    {
        SiloSettings silo = Silo([SiloRoles.Worker], port, gateway: 0);
        return silo with
        {
            Cluster = silo.Cluster with { Primary = new IPEndPoint(IPAddress.Loopback, coordinator.Endpoints.SiloPort).ToString() },
            Worker = silo.Worker with { Devices = [device], Threads = options.Threads ?? Math.Max(1, Environment.ProcessorCount / count) },
        };
    }

    private SiloSettings Silo(IReadOnlyList<string> roles, int port, int gateway) => new()
    {
        Roles = roles,
        Endpoints = new EndpointSettings { SiloPort = port, GatewayPort = gateway },
        Storage = new StorageSettings { State = options.State },
        Worker = new WorkerSettings { Cache = options.Cache, Threads = options.Threads },
        Drain = new DrainSettings { GraceSeconds = GraceSeconds },
        Leases = new LeaseSettings { LiveSeconds = options.LeaseSeconds, RenewSeconds = options.RenewSeconds },
    };

    private IReadOnlyList<string> Devices()
    {
        int gpus = Directory.Exists("/dev") ? Directory.EnumerateFiles("/dev", "nvidia?").Count(name => char.IsAsciiDigit(name[^1])) : 0;
        return gpus > 0
            ? [.. Enumerable.Range(0, options.Workers ?? gpus).Select(i => $"cuda:{i % gpus}")]
            : [.. Enumerable.Repeat("cpu", options.Workers ?? 1)];
    }
}
