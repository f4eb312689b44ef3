using System.Globalization;
using System.Net;
using MaskRcnn.Client.Connection;
using MaskRcnn.Grains.Placement;
using MaskRcnn.Silo.Hosting;
using MaskRcnn.Storage.Local;
using Microsoft.Extensions.Hosting;

namespace MaskRcnn.Client.Up;

/// <summary>A cluster on this machine: its data folder, its ports, and that clients find it.</summary>
/// <param name="options">What was asked for.</param>
/// <param name="say">Is told, in a sentence for people, what becomes of its processes.</param>
internal sealed class LocalCluster(UpOptions options, Action<string> say)
{
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
        SiloOptions coordinator = Silo([SiloRoles.Coordinator], ports[1]) with { GatewayPort = ports[0] };
        try
        {
            if (options.InProcess) RunInProcess(coordinator with { Roles = [SiloRoles.Coordinator, SiloRoles.Worker], Devices = devices }, Ready, stop);
            else new Supervisor(options, coordinator, [.. devices.Select((device, i) => Silo([SiloRoles.Worker], ports[2 + i]) with
            {
                Devices = [device],
                Primary = new IPEndPoint(IPAddress.Loopback, coordinator.SiloPort),
                Threads = options.Threads ?? Math.Max(1, Environment.ProcessorCount / devices.Count),
            })], say).Run(Ready, stop);
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

    private static void RunInProcess(SiloOptions silo, Action ready, CancellationToken stop)
    {
        using IHost host = SiloHost.Build(silo);
        host.StartAsync(stop).GetAwaiter().GetResult();
        ready();
        stop.WaitHandle.WaitOne();
        host.StopAsync(CancellationToken.None).GetAwaiter().GetResult();
    }

    private SiloOptions Silo(IReadOnlyList<string> roles, int port) => new()
    {
        Roles = roles,
        SiloPort = port,
        GatewayPort = 0,
        State = options.State,
        Cache = options.Cache,
        Threads = options.Threads,
        LeaseSeconds = options.LeaseSeconds,
        RenewSeconds = options.RenewSeconds,
    };

    private IReadOnlyList<string> Devices()
    {
        int gpus = Directory.Exists("/dev") ? Directory.EnumerateFiles("/dev", "nvidia?").Count(name => char.IsAsciiDigit(name[^1])) : 0;
        return gpus > 0
            ? [.. Enumerable.Range(0, options.Workers ?? gpus).Select(i => $"cuda:{i % gpus}")]
            : [.. Enumerable.Repeat("cpu", options.Workers ?? 1)];
    }
}
