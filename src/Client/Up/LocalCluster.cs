using System.Globalization;
using System.Net;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Client.Connection;
using MaskRcnn.Grains.Placement;
using MaskRcnn.Silo.Hosting;
using MaskRcnn.Storage.Local;
using Microsoft.Extensions.Hosting;

namespace MaskRcnn.Client.Up;

/// <summary>A cluster on this machine: its data folder, its ports, and that clients find it.</summary>
internal sealed class LocalCluster(UpOptions options, CommandOutput output)
{
    /// <summary>Runs it until it is told to stop.</summary>
    /// <returns>An exit code.</returns>
    public int Run(CancellationToken stop)
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
        new LastUp(options.Data).Write();
        SiloOptions coordinator = Silo([SiloRoles.Coordinator], ports[1]) with { GatewayPort = ports[0] };
        try
        {
            if (options.InProcess) RunInProcess(coordinator with { Roles = [SiloRoles.Coordinator, SiloRoles.Worker], Devices = devices }, () => Announce(cluster, devices), stop);
            else new Supervisor(options, coordinator, [.. devices.Select((device, i) => Silo([SiloRoles.Worker], ports[2 + i]) with
            {
                Devices = [device],
                Primary = new IPEndPoint(IPAddress.Loopback, coordinator.SiloPort),
                Threads = options.Threads ?? Math.Max(1, Environment.ProcessorCount / devices.Count),
            })], output).Run(() => Announce(cluster, devices), stop);
        }
        finally
        {
            (cluster with { Ready = false }).Write(options.Data);
        }
        output.Error.WriteLine("stopped; 'maskrcnn up' on the same folder goes on with its jobs.");
        return ExitCode.Ok;
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

    private void Announce(ClusterFile cluster, IReadOnlyList<string> devices)
    {
        (cluster with { Ready = true }).Write(options.Data);
        if (output.Json)
        {
            output.WriteJson(json =>
            {
                json.WriteBoolean("ready", true);
                json.WriteStartArray("gateways");
                foreach (string gateway in cluster.Gateways) json.WriteStringValue(gateway);
                json.WriteEndArray();
                json.WriteString("data", options.Data);
                json.WriteNumber("workers", options.InProcess ? 1 : devices.Count);
                json.WriteNumber("processId", Environment.ProcessId);
            });
            return;
        }
        output.Out.WriteLine($"ready: gateway {cluster.Gateways[0]}, {devices.Count} workers ({string.Join(", ", devices)}), data {options.Data}, logs {options.Logs}");
        output.Out.WriteLine("Submit jobs with 'maskrcnn job submit'; Ctrl-C stops the cluster.");
        output.Out.Flush();
    }
}
