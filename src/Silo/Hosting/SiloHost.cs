using System.Net;
using MaskRcnn.Grains;
using MaskRcnn.Grains.Dispatch;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Partitions;
using MaskRcnn.Grains.Placement;
using MaskRcnn.Grains.Workers;
using MaskRcnn.Silo.Dashboard;
using MaskRcnn.Silo.Health;
using MaskRcnn.Silo.Redis;
using MaskRcnn.Silo.Settings;
using MaskRcnn.Silo.Telemetry;
using MaskRcnn.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace MaskRcnn.Silo.Hosting;

/// <summary>A process, or a part of one, that is a member of the cluster.</summary>
public static class SiloHost
{
    private static readonly TimeSpan AliveSignature = TimeSpan.FromSeconds(10);

    /// <summary>For what follows the workers' leaving: grains are deactivated, and the others are told.</summary>
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromSeconds(8);

    /// <summary>How long a grain may take to leave a silo, and a silo to answer what Orleans itself asks.</summary>
    private static readonly TimeSpan GrainsLeave = TimeSpan.FromSeconds(5), SystemAnswers = TimeSpan.FromSeconds(10);

    /// <summary>Makes the host of a silo.</summary>
    /// <param name="settings">What it is for, and where it is found.</param>
    /// <param name="more">Adds or replaces services, for tests and benchmarks.</param>
    /// <param name="change">Changes what the grains are built with, for tests and benchmarks.</param>
    /// <exception cref="SettingsException">The settings cannot be; every mistake is named.</exception>
    public static IHost Build(SiloSettings settings, Action<ISiloBuilder>? more = null, Func<GrainsOptions, GrainsOptions>? change = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (SettingsRules.Mistakes(settings) is { Count: > 0 } mistakes) throw new SettingsException(mistakes);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddSiloLog(settings.Telemetry);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(settings.Drain.GraceSeconds) + TimeToEnd);
        builder.Services.AddTelemetry(settings);
        builder.Services.AddHealth(settings.Health);
        builder.UseOrleans(silo => Configure(silo, settings, more, change));
        return builder.Build();
    }

    private static void Configure(ISiloBuilder silo, SiloSettings settings, Action<ISiloBuilder>? more, Func<GrainsOptions, GrainsOptions>? change)
    {
        EndpointSettings endpoints = settings.Endpoints;
        if (settings.Cluster.IsInRedis) silo.UseRedisMembers(settings);
        else silo.UseDevelopmentClustering(settings.Cluster.Primary is { } primary ? IPEndPoint.Parse(primary) : new IPEndPoint(endpoints.Advertised, endpoints.SiloPort));
        silo.Configure<EndpointOptions>(options =>
        {
            options.AdvertisedIPAddress = endpoints.Advertised;
            (options.SiloPort, options.GatewayPort) = (endpoints.SiloPort, endpoints.GatewayPort);
            options.SiloListeningEndpoint = new IPEndPoint(endpoints.Listening, endpoints.SiloPort);
            if (endpoints.GatewayPort != 0) options.GatewayListeningEndpoint = new IPEndPoint(endpoints.Listening, endpoints.GatewayPort);
        });
        if (settings.Tls.Files is { } files) silo.UseTls(files);
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (settings.Cluster.Id, ClusterConstants.ServiceId));
        if (settings.Cluster.SiloName is { } name) silo.Configure<SiloOptions>(options => options.SiloName = name);
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            // A killed process is noticed within seconds; a busy one answers, as its work is on threads of its own.
            membership.ProbeTimeout = TimeSpan.FromSeconds(settings.Membership.ProbeSeconds);
            membership.NumMissedProbesLimit = settings.Membership.MissedProbes;
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(settings.Membership.RefreshSeconds);
            // A silo joins when it reaches all others that have signed the list lately. After everything died at once, or the list
            // came from a backup, the dead would keep new ones out for three periods.
            membership.IAmAliveTablePublishTimeout = AliveSignature;
        });
        // A coordinator that leaves takes its grains out of the directory, some of which is at silos that may have died a moment ago. All jobs stood still while it waited for these: for 30 s by default.
        silo.Configure<GrainCollectionOptions>(grains => grains.DeactivationTimeout = GrainsLeave);
        silo.Configure<SiloMessagingOptions>(messaging => messaging.SystemResponseTimeout = SystemAnswers);
        GrainsOptions options = new()
        {
            State = BlobStores.Open(settings.Storage.State),
            Roots = settings.Storage.Roots,
            Limits = settings.Limits,
            AddGrainState = settings.Cluster.IsInRedis ? builder => builder.AddRedisGrainState(settings) : null,
            Leases = new LeaseOptions { TimeToLive = TimeSpan.FromSeconds(settings.Leases.LiveSeconds), Renewal = TimeSpan.FromSeconds(settings.Leases.RenewSeconds) },
            Scheduling = new DispatchOptions
            {
                TenantDevices = settings.Scheduling.TenantDevices.Select(text => SchedulingSettings.Parse(text)!.Value).ToDictionary(),
                KeepModel = TimeSpan.FromSeconds(settings.Scheduling.KeepModelSeconds),
                MaxWorkers = settings.Scheduling.MaxWorkers,
            },
            Retention = new RetentionOptions { State = TimeSpan.FromDays(settings.Storage.KeepJobsDays) },
            Workers = new WorkerOptions
            {
                Pool = settings.Worker.Pool,
                Devices = settings.Has(SiloRoles.Worker) ? settings.Worker.Devices : [],
                Threads = settings.Worker.Threads,
                Cache = settings.Worker.Cache,
                Renewal = TimeSpan.FromSeconds(settings.Leases.RenewSeconds),
                Grace = TimeSpan.FromSeconds(settings.Drain.GraceSeconds),
            },
        };
        silo.AddMaskRcnn(settings.Roles, change?.Invoke(options) ?? options);
        silo.UseDashboard(settings.Dashboard);
        more?.Invoke(silo);
    }
}
