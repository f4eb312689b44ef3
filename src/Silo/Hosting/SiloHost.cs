using System.Net;
using MaskRcnn.Grains;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Placement;
using MaskRcnn.Grains.Workers;
using MaskRcnn.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace MaskRcnn.Silo.Hosting;

/// <summary>A process, or a part of one, that is a member of the cluster.</summary>
public static class SiloHost
{
    /// <summary>Makes the host of a silo on this machine's loopback address.</summary>
    /// <param name="options">What it is for.</param>
    /// <param name="more">Adds or replaces services, for tests and benchmarks.</param>
    /// <exception cref="ArgumentException">The options cannot be; every problem is named.</exception>
    public static IHost Build(SiloOptions options, Action<ISiloBuilder>? more = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Problems() is { Count: > 0 } problems) throw new ArgumentException(string.Join(Environment.NewLine, problems), nameof(options));
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("MaskRcnn", LogLevel.Information)
            // It advises server garbage collection, which is not for a process a device, and mistakes a young process for a stuck one.
            .AddFilter("Orleans.Runtime.Silo", LogLevel.Error).AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(8));
        builder.UseOrleans(silo => Configure(silo, options, more));
        return builder.Build();
    }

    private static void Configure(ISiloBuilder silo, SiloOptions options, Action<ISiloBuilder>? more)
    {
        var endpoint = new IPEndPoint(IPAddress.Loopback, options.SiloPort);
        silo.UseDevelopmentClustering(options.Primary ?? endpoint);
        silo.ConfigureEndpoints(IPAddress.Loopback, options.SiloPort, options.GatewayPort, listenOnAnyHostAddress: false);
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (ClusterConstants.ClusterId, ClusterConstants.ServiceId));
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            // A killed process is noticed within seconds; a busy one answers, as its work is on threads of its own.
            membership.ProbeTimeout = TimeSpan.FromSeconds(2);
            membership.NumMissedProbesLimit = 3;
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
        });
        silo.AddMaskRcnn(options.Roles, new GrainsOptions
        {
            State = BlobStores.Open(options.State),
            Leases = new LeaseOptions { TimeToLive = TimeSpan.FromSeconds(options.LeaseSeconds), Renewal = TimeSpan.FromSeconds(options.RenewSeconds) },
            Workers = new WorkerOptions
            {
                Devices = options.Roles.Contains(SiloRoles.Worker) ? options.Devices : [],
                Threads = options.Threads,
                Cache = options.Cache,
                Renewal = TimeSpan.FromSeconds(options.RenewSeconds),
            },
        });
        more?.Invoke(silo);
    }
}
