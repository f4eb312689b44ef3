using System.Globalization;
using System.Net;

namespace MaskRcnn.Client.Connection;

/// <summary>Where clients connect to a silo.</summary>
/// <param name="Host">A name or an IP address.</param>
/// <param name="Port">1 to 65535.</param>
public sealed record GatewayAddress(string Host, int Port)
{
    /// <summary>Reads <c>host:port</c> or <c>[::1]:port</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="address">What it says.</param>
    public static bool TryParse(string text, out GatewayAddress? address)
    {
        address = null;
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port is < 1 or > IPEndPoint.MaxPort) return false;
        string host = text[..colon];
        if (host is ['[', .. var inner, ']']) host = inner;
        else if (host.Contains(':', StringComparison.Ordinal)) return false;
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown) return false;
        address = new GatewayAddress(host, port);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");

    /// <summary>The IP addresses, IPv4 first.</summary>
    internal async Task<IPEndPoint[]> ResolveAsync(CancellationToken cancellation)
    {
        IPAddress[] addresses = IPAddress.TryParse(Host, out IPAddress? literal) ? [literal] : await Dns.GetHostAddressesAsync(Host, cancellation).ConfigureAwait(false);
        return [.. addresses.OrderBy(address => address.AddressFamily).Select(address => new IPEndPoint(address, Port))];
    }
}
