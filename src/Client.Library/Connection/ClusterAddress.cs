using MaskRcnn.Grains;

namespace MaskRcnn.Client.Connection;

/// <summary>Where a cluster is: gateways, or the data folder of <c>maskrcnn up</c>, whose <c>cluster.json</c> names them.</summary>
/// <example>
/// <code>
/// ClusterAddress address = ClusterAddress.Resolve();                       // MASKRCNN_CLUSTER, or the user's last 'maskrcnn up'
/// ClusterAddress other = ClusterAddress.Parse("10.0.0.5:30000,10.0.0.6:30000");
/// </code>
/// </example>
public sealed class ClusterAddress
{
    /// <summary>The environment variable that names a cluster.</summary>
    public const string EnvironmentVariable = "MASKRCNN_CLUSTER";

    private readonly Func<string?> _dataFolder;

    private ClusterAddress(IReadOnlyList<GatewayAddress> gateways, Func<string?> dataFolder, string description, string id = ClusterConstants.ClusterId) =>
        (Gateways, _dataFolder, Description, Id) = (gateways, dataFolder, description, id);

    /// <summary>The cluster's id, <c>Cluster:Id</c> of its silos: they refuse a client of another.</summary>
    public string Id { get; }

    /// <summary>The gateways; empty when they are to be read from a data folder.</summary>
    public IReadOnlyList<GatewayAddress> Gateways { get; }

    /// <summary>The data folder, or null: none is named, or the user has not yet started a cluster.</summary>
    public string? DataFolder => _dataFolder();

    /// <summary>For people: what was looked at.</summary>
    public string Description { get; }

    /// <summary>These gateways.</summary>
    /// <param name="gateways">At least one.</param>
    public static ClusterAddress FromGateways(params IReadOnlyList<GatewayAddress> gateways)
    {
        return FromGateways(gateways, ClusterConstants.ClusterId);
    }

    /// <summary>These gateways of a cluster that has an id of its own.</summary>
    /// <param name="gateways">At least one.</param>
    /// <param name="id">The cluster's id.</param>
    public static ClusterAddress FromGateways(IReadOnlyList<GatewayAddress> gateways, string id)
    {
        ArgumentNullException.ThrowIfNull(gateways);
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        if (gateways.Count == 0) throw new ArgumentException("There is no gateway; expected at least one host:port.");
        return new ClusterAddress(gateways, () => null, string.Join(',', gateways) + (id == ClusterConstants.ClusterId ? "" : $"/{id}"), id);
    }

    /// <summary>The cluster that <c>maskrcnn up --data</c> runs in this folder, now or soon.</summary>
    public static ClusterAddress FromDataFolder(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string full = Path.GetFullPath(folder);
        return new ClusterAddress([], () => full, full);
    }

    /// <summary>Reads <c>host:port[,host:port][/id]</c>; anything else is a data folder.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <exception cref="ArgumentException">It looks like gateways, but is none.</exception>
    public static ClusterAddress Parse(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        if (Directory.Exists(text)) return FromDataFolder(text);
        // 10.0.0.5:30000/east; not a path, which has no gateways before its last slash.
        if (text.LastIndexOf('/') is > 0 and int slash && slash < text.Length - 1
            && text[..slash].Split(',', StringSplitOptions.TrimEntries).All(part => GatewayAddress.TryParse(part, out _)))
            return FromGateways(Parse(text[..slash]).Gateways, text[(slash + 1)..]);
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        List<GatewayAddress> gateways = [];
        foreach (string part in parts)
        {
            if (GatewayAddress.TryParse(part, out GatewayAddress? gateway)) gateways.Add(gateway!);
            else if (parts.Length > 1 || LooksLikeGateway(part))
                throw new ArgumentException($"'{part}' is no gateway; expected host:port with a port from 1 to 65535, such as 127.0.0.1:30000, or the folder of 'maskrcnn up --data'.");
            else return FromDataFolder(text);
        }
        return FromGateways(gateways);
    }

    /// <summary>The cluster that was named, else that of <c>MASKRCNN_CLUSTER</c>, else that of the user's last <c>maskrcnn up</c>.</summary>
    /// <param name="cluster">What was named, as for <see cref="Parse"/>; null: nothing.</param>
    /// <param name="environment">Reads environment variables; null for the process's own.</param>
    /// <exception cref="ArgumentException">What was named is no address.</exception>
    public static ClusterAddress Resolve(string? cluster = null, Func<string, string?>? environment = null)
    {
        environment ??= Environment.GetEnvironmentVariable;
        if (cluster is not null) return Parse(cluster);
        if (environment(EnvironmentVariable) is { Length: > 0 } named) return Parse(named);
        // Read again while waiting: the user's first 'up' may be starting just now.
        return new ClusterAddress([], () => LastUp.TryRead(environment)?.Data, "the user's last 'maskrcnn up'");
    }

    /// <inheritdoc/>
    public override string ToString() => Description;

    private static bool LooksLikeGateway(string text) =>
        text.Contains(':', StringComparison.Ordinal) && !text.Contains('/', StringComparison.Ordinal) && !text.Contains('\\', StringComparison.Ordinal);
}
