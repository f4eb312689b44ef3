using System.Net;

namespace MaskRcnn.Silo.Settings;

/// <summary>Where a silo says how it is, by plain HTTP: see docs/cluster.md. What it says is no secret, and it takes no commands.</summary>
public sealed record HealthSettings
{
    /// <summary>The IP address on which it listens, <c>0.0.0.0</c> for all; default 127.0.0.1.</summary>
    public string Address { get; init; } = IPAddress.Loopback.ToString();

    /// <summary>Port, 1 to 65535, or 0 for none; default 0.</summary>
    public int Port { get; init; }
}
