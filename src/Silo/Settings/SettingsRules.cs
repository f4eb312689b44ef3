using System.Globalization;
using System.Net;
using MaskRcnn.Grains.Jobs;
using MaskRcnn.Grains.Placement;
using MaskRcnn.Storage;
using MaskRcnn.Transport;

namespace MaskRcnn.Silo.Settings;

/// <summary>What values settings may have, each alone and together. A section's rules are a method.</summary>
public static class SettingsRules
{
    /// <summary>Everything that is wrong.</summary>
    /// <param name="settings">The settings.</param>
    public static IReadOnlyList<SettingsMistake> Mistakes(SiloSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var found = new Findings();
        Roles(settings, found);
        Cluster(settings, found);
        Redis(settings, found);
        Tls(settings.Tls, found);
        Endpoints(settings, found);
        Health(settings, found);
        Telemetry(settings, found);
        Dashboard(settings, found);
        found.Check(settings.Storage.State.Length > 0, "Storage:State", null, "a folder, or the URI of a container");
        found.Check(!settings.Storage.State.StartsWith("s3://", StringComparison.OrdinalIgnoreCase), "Storage:State", BlobUri.WithoutSecrets(settings.Storage.State), "a folder, or the URI of a container: S3-compatible stores are read, and nothing is written to them");
        foreach (string root in settings.Storage.Roots)
            found.Check(StorageRoots.CanBe(root), "Storage:Roots", BlobUri.WithoutSecrets(root), "an absolute path, or the URI of a container or prefix without a SAS");
        found.Check(settings.Storage.KeepJobsDays is > 0 and <= 3660, "Storage:KeepJobsDays", settings.Storage.KeepJobsDays, "more than 0 and at most 3660 days");
        Worker(settings, found);
        Scheduling(settings.Scheduling, found);
        Drain(settings.Drain, found);
        Times(settings, found);
        foreach ((string name, long value, string expected) in settings.Limits.Mistakes()) found.Check(false, $"Limits:{name}", value, expected);
        return found.Mistakes;
    }

    /// <summary>host:port as a host and a port; null for what is not that.</summary>
    internal static DnsEndPoint? HostAndPort(string text)
    {
        int colon = text.LastIndexOf(':');
        return colon > 0 && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && IsPort(port)
            && Uri.CheckHostName(text[..colon].Trim('[', ']')) != UriHostNameType.Unknown
            ? new DnsEndPoint(text[..colon].Trim('[', ']'), port)
            : null;
    }

    private static void Roles(SiloSettings settings, Findings found) => found.Check(
        settings.Roles.Count > 0 && settings.Roles.All(role => role is SiloRoles.Coordinator or SiloRoles.Worker) && settings.Roles.Distinct().Count() == settings.Roles.Count,
        nameof(settings.Roles), string.Join(',', settings.Roles), $"{SiloRoles.Coordinator}, {SiloRoles.Worker}, or both with a comma between them");

    private static void Cluster(SiloSettings settings, Findings found)
    {
        ClusterSettings cluster = settings.Cluster;
        found.Check(cluster.Id is { Length: >= 1 and <= 63 } && cluster.Id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'),
            "Cluster:Id", cluster.Id, "1 to 63 letters, digits, '-', '_' and '.'");
        found.Check(cluster.Clustering is ClusterSettings.Development or ClusterSettings.Redis, "Cluster:Clustering", cluster.Clustering, $"'{ClusterSettings.Development}' or '{ClusterSettings.Redis}'");
        found.Check(cluster.StartSeconds is >= 0 and <= 3600, "Cluster:StartSeconds", cluster.StartSeconds, "0 to 3600 seconds");
        if (cluster.Primary is { } primary)
        {
            found.Check(IPEndPoint.TryParse(primary, out IPEndPoint? endpoint) && IsPort(endpoint.Port), "Cluster:Primary", primary, "the IP address and port of the primary silo, such as 127.0.0.1:11111");
            found.Check(!cluster.IsInRedis, "Cluster:Primary", primary, "nothing, as with Redis there is no primary silo");
        }
    }

    private static void Redis(SiloSettings settings, Findings found)
    {
        RedisSettings redis = settings.Redis;
        if (settings.Cluster.IsInRedis) found.Check(redis.Endpoints.Count > 0, "Redis:Endpoints", null, "host:port of each node of Redis");
        else if (redis.Endpoints.Count > 0) found.Check(false, "Redis:Endpoints", string.Join(',', redis.Endpoints), $"nothing, or Cluster:Clustering to be '{ClusterSettings.Redis}'");
        foreach (string endpoint in redis.Endpoints) found.Check(HostAndPort(endpoint) is not null, "Redis:Endpoints", endpoint, "host:port with a port from 1 to 65535, such as redis:6379");
        found.Check(redis.Database is >= 0 and <= 15, "Redis:Database", redis.Database, "0 to 15");
        if (redis.PasswordFile is { } file)
        {
            found.Check(redis.Password is null, "Redis:PasswordFile", file, "nothing, as Redis:Password is given too");
            found.Check(File.Exists(file), "Redis:PasswordFile", file, "a file that is there and can be read");
        }
        found.Check(redis.User is null || redis.Password is not null || redis.PasswordFile is not null, "Redis:User", redis.User, "Redis:Password or Redis:PasswordFile to be given too");
        if (redis.TlsCaFile is { } authority)
        {
            found.Check(redis.Tls, "Redis:TlsCaFile", authority, "Redis:Tls to be true");
            found.Check(File.Exists(authority), "Redis:TlsCaFile", authority, "a PEM file that is there and can be read");
        }
    }

    private static void Tls(TlsSettings tls, Findings found)
    {
        foreach (TlsProblem problem in tls.Files?.Problems(TlsRole.Silo, TimeProvider.System) ?? [])
            found.Check(false, $"Tls:{problem.File}", problem.Path, problem.Path is null ? problem.Expected : $"{problem.Expected}; it {problem.Found}");
    }

    private static void Endpoints(SiloSettings settings, Findings found)
    {
        EndpointSettings endpoints = settings.Endpoints;
        bool isAdvertised = IPAddress.TryParse(endpoints.AdvertisedAddress, out IPAddress? advertised) && !advertised.Equals(IPAddress.Any) && !advertised.Equals(IPAddress.IPv6Any);
        found.Check(isAdvertised, "Endpoints:AdvertisedAddress", endpoints.AdvertisedAddress, "the IP address by which others reach this silo");
        IPAddress? listening = advertised;
        if (endpoints.ListenAddress is { } listen) found.Check(IPAddress.TryParse(listen, out listening), "Endpoints:ListenAddress", listen, "an IP address of this machine, or 0.0.0.0");
        // Without TLS whoever reaches the ports can do everything.
        if (listening is not null && !IPAddress.IsLoopback(listening) && settings.Tls.Files is null)
            found.Check(endpoints.PrivateNetwork, "Endpoints:PrivateNetwork", "false", $"certificates (Tls:CaFile, Tls:CertificateFile, Tls:KeyFile), or true, to say that nobody else reaches the silo's ports on {listening}; else listen on 127.0.0.1");
        found.Check(IsPort(endpoints.SiloPort), "Endpoints:SiloPort", endpoints.SiloPort, "1 to 65535");
        found.Check(endpoints.GatewayPort == 0 || IsPort(endpoints.GatewayPort), "Endpoints:GatewayPort", endpoints.GatewayPort, "1 to 65535, or 0 for none");
        found.Check(endpoints.GatewayPort != endpoints.SiloPort, "Endpoints:GatewayPort", endpoints.GatewayPort, "another port than Endpoints:SiloPort");
    }

    private static void Health(SiloSettings settings, Findings found)
    {
        HealthSettings health = settings.Health;
        found.Check(IPAddress.TryParse(health.Address, out _), "Health:Address", health.Address, "an IP address of this machine, or 0.0.0.0");
        found.Check(health.Port == 0 || IsPort(health.Port), "Health:Port", health.Port, "1 to 65535, or 0 for none");
        found.Check(health.Port == 0 || (health.Port != settings.Endpoints.SiloPort && health.Port != settings.Endpoints.GatewayPort), "Health:Port", health.Port, "another port than Endpoints:SiloPort and Endpoints:GatewayPort");
    }

    private static void Telemetry(SiloSettings settings, Findings found)
    {
        TelemetrySettings telemetry = settings.Telemetry;
        if (telemetry.OtlpEndpoint is { } endpoint)
        {
            // Who has it in the URI sees it in logs.
            found.Check(Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0, "Telemetry:OtlpEndpoint", Secret.Hidden, "the URI of a collector, such as http://collector:4318");
            if (uri is not null) found.Check(uri.UserInfo.Length == 0 && uri.Query.Length == 0, "Telemetry:OtlpEndpoint", Secret.Hidden, "a URI without user, password and query; secrets belong to Telemetry:OtlpHeaders");
        }
        found.Check(telemetry.OtlpProtocol is TelemetrySettings.Http or TelemetrySettings.Grpc, "Telemetry:OtlpProtocol", telemetry.OtlpProtocol, $"'{TelemetrySettings.Http}' or '{TelemetrySettings.Grpc}'");
        found.Check(telemetry.OtlpSeconds is >= 1 and <= 3600, "Telemetry:OtlpSeconds", telemetry.OtlpSeconds, "1 to 3600 seconds");
        if (telemetry.OtlpHeaders is { } headers)
        {
            found.Check(telemetry.OtlpEndpoint is not null, "Telemetry:OtlpHeaders", Secret.Hidden, "Telemetry:OtlpEndpoint to be given too");
            found.Check(headers.Reveal().Split(',').All(header => header.IndexOf('=', StringComparison.Ordinal) > 0), "Telemetry:OtlpHeaders", Secret.Hidden, "name=value, with commas between them");
        }
        if (telemetry.Prometheus) found.Check(settings.Health.Port != 0, "Health:Port", 0, "1 to 65535, as Telemetry:Prometheus is true: /metrics is there");
    }

    private static void Dashboard(SiloSettings settings, Findings found)
    {
        DashboardSettings dashboard = settings.Dashboard;
        if (dashboard.Enabled) found.Check(settings.Health.Port != 0, "Health:Port", 0, "1 to 65535, as Dashboard:Enabled is true: /dashboard is there");
        if (dashboard.PrivateNetwork) found.Check(dashboard.Enabled, "Dashboard:PrivateNetwork", "true", "Dashboard:Enabled to be true");
    }

    private static void Worker(SiloSettings settings, Findings found)
    {
        WorkerSettings worker = settings.Worker;
        string devices = string.Join(',', worker.Devices);
        if (settings.Has(SiloRoles.Worker)) found.Check(worker.Devices.Count > 0, "Worker:Devices", devices, "at least one of 'cpu' and 'cuda:N'");
        found.Check(worker.Devices.All(IsDevice), "Worker:Devices", devices, "'cpu' or 'cuda:N', with commas between them");
        found.Check(SpecificationRules.IsName(worker.Pool), "Worker:Pool", worker.Pool, "1 to 128 letters, digits, '-', '_' and '.', the first not '.'");
        found.Check(worker.Threads is null or >= 1, "Worker:Threads", worker.Threads, "at least 1");
        found.Check(worker.Cache.Length > 0 && BlobUri.LocalPath(worker.Cache) is not null, "Worker:Cache", worker.Cache, "a folder of this machine");
    }

    private static void Scheduling(SchedulingSettings scheduling, Findings found)
    {
        foreach (string tenant in scheduling.TenantDevices)
            found.Check(SchedulingSettings.Parse(tenant) is not null, "Scheduling:TenantDevices", tenant, "a tenant's name and its devices from 1 on, such as research=8");
        string[] named = [.. scheduling.TenantDevices.Select(tenant => tenant.Split('=')[0])];
        found.Check(named.Distinct(StringComparer.Ordinal).Count() == named.Length, "Scheduling:TenantDevices", string.Join(',', scheduling.TenantDevices), "each tenant once");
        found.Check(scheduling.KeepModelSeconds is >= 0 and <= 3600, "Scheduling:KeepModelSeconds", scheduling.KeepModelSeconds, "0 to 3600 seconds");
        found.Check(scheduling.MaxWorkers is >= 1 and <= 100_000, "Scheduling:MaxWorkers", scheduling.MaxWorkers, "1 to 100000");
    }

    private static void Drain(DrainSettings drain, Findings found) =>
        found.Check(drain.GraceSeconds is >= 1 and <= 3600, "Drain:GraceSeconds", drain.GraceSeconds, "1 to 3600 seconds");

    private static void Times(SiloSettings settings, Findings found)
    {
        (LeaseSettings leases, MembershipSettings membership) = (settings.Leases, settings.Membership);
        found.Check(leases.LiveSeconds is >= 1 and <= 3600, "Leases:LiveSeconds", leases.LiveSeconds, "1 to 3600 seconds");
        found.Check(leases.RenewSeconds > 0 && leases.RenewSeconds <= leases.LiveSeconds / 2, "Leases:RenewSeconds", leases.RenewSeconds, "more than 0 and at most half of Leases:LiveSeconds");
        found.Check(membership.ProbeSeconds is >= 0.5 and <= 60, "Membership:ProbeSeconds", membership.ProbeSeconds, "0.5 to 60 seconds");
        found.Check(membership.MissedProbes is >= 1 and <= 20, "Membership:MissedProbes", membership.MissedProbes, "1 to 20");
        found.Check(membership.RefreshSeconds is >= 1 and <= 600, "Membership:RefreshSeconds", membership.RefreshSeconds, "1 to 600 seconds");
        found.Check(membership.OwnRowSeconds is >= 0.5 and <= 10, "Membership:OwnRowSeconds", membership.OwnRowSeconds, "0.5 to 10 seconds");
    }

    private static bool IsPort(int port) => port is >= 1 and <= IPEndPoint.MaxPort;

    private static bool IsDevice(string device) =>
        device == "cpu" || (device.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(device.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out _));

    private sealed class Findings
    {
        public List<SettingsMistake> Mistakes { get; } = [];

        public void Check(bool holds, string key, object? value, string expected)
        {
            if (!holds) Mistakes.Add(new SettingsMistake(key, Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null, expected));
        }
    }
}
