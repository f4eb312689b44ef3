using System.Net;

namespace MaskRcnn.Silo.Settings;

/// <summary>Where a silo is found, and where it listens.</summary>
public sealed record EndpointSettings
{
    /// <summary>The IP address by which other silos and clients reach it; default 127.0.0.1.</summary>
    public string AdvertisedAddress { get; init; } = IPAddress.Loopback.ToString();

    /// <summary>The IP address on which it listens, <c>0.0.0.0</c> for all; default the advertised one.</summary>
    public string? ListenAddress { get; init; }

    /// <summary>Port for the other silos, 1 to 65535; default 11111.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>Port for clients, 1 to 65535, or 0 for none; default 0.</summary>
    public int GatewayPort { get; init; }

    /// <summary>The operator's word that only silos and clients of this cluster reach the ports; default false.</summary>
    public bool PrivateNetwork { get; init; }

    /// <summary>The address to listen on.</summary>
    internal IPAddress Listening => IPAddress.Parse(ListenAddress ?? AdvertisedAddress);

    /// <summary>The address to be found by.</summary>
    internal IPAddress Advertised => IPAddress.Parse(AdvertisedAddress);
}
