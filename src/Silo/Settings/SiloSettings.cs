using MaskRcnn.Grains;
using MaskRcnn.Grains.Placement;

namespace MaskRcnn.Silo.Settings;

/// <summary>
/// All settings of a silo, one property a section; see docs/cluster.md. <see cref="SettingsSources"/> reads them,
/// <see cref="SettingsRules"/> says what is wrong with them.
/// </summary>
public sealed record SiloSettings
{
    /// <summary>What the silo is for: see <see cref="SiloRoles"/>; default both.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [SiloRoles.Coordinator, SiloRoles.Worker];

    /// <summary>Whether a supervisor started it: then it ends when its standard input does; default false.</summary>
    public bool Supervised { get; init; }

    /// <summary>Which cluster it is a member of, and where the list of members is.</summary>
    public ClusterSettings Cluster { get; init; } = new();

    /// <summary>Redis, if <see cref="ClusterSettings.Clustering"/> says so.</summary>
    public RedisSettings Redis { get; init; } = new();

    /// <summary>Where other silos and clients find it.</summary>
    public EndpointSettings Endpoints { get; init; } = new();

    /// <summary>Who is let in.</summary>
    public TlsSettings Tls { get; init; } = new();

    /// <summary>Blob storage.</summary>
    public StorageSettings Storage { get; init; } = new();

    /// <summary>Its workers, if it has that role.</summary>
    public WorkerSettings Worker { get; init; } = new();

    /// <summary>How long the right to a shard lives.</summary>
    public LeaseSettings Leases { get; init; } = new();

    /// <summary>How devices are shared between jobs.</summary>
    public SchedulingSettings Scheduling { get; init; } = new();

    /// <summary>How it leaves.</summary>
    public DrainSettings Drain { get; init; } = new();

    /// <summary>How large and how many what comes from outside may be. The same for all silos of a cluster.</summary>
    public Limits Limits { get; init; } = new();

    /// <summary>Where it says how it is.</summary>
    public HealthSettings Health { get; init; } = new();

    /// <summary>What it says of its work.</summary>
    public TelemetrySettings Telemetry { get; init; } = new();

    /// <summary>A page for operators.</summary>
    public DashboardSettings Dashboard { get; init; } = new();

    /// <summary>How soon a dead silo is noticed.</summary>
    public MembershipSettings Membership { get; init; } = new();

    /// <summary>Whether it has a role.</summary>
    /// <param name="role">See <see cref="SiloRoles"/>.</param>
    public bool Has(string role) => Roles.Contains(role, StringComparer.Ordinal);
}
