using System.Net;
using System.Net.Sockets;

namespace MaskRcnn.Client.Connection;

/// <summary>From an address to IP addresses, waiting while the cluster starts.</summary>
internal static class ClusterLocator
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    /// <summary>What an address says now: gateways, or why there are none.</summary>
    public static (IReadOnlyList<GatewayAddress> Gateways, string? Missing) Look(ClusterAddress address)
    {
        if (address.Gateways.Count > 0) return (address.Gateways, null);
        if (address.DataFolder is not { } folder) return ([], "none is named, and none was started by this user");
        if (ClusterFile.TryRead(folder) is not { } file) return ([], $"there is no {ClusterFile.PathIn(folder)}, so none was started on that folder");
        if (!file.IsProcessAlive()) return ([], $"the process {file.ProcessId} that {ClusterFile.PathIn(folder)} names lives no more");
        if (!file.Ready) return ([], $"the cluster of {folder} is starting");
        List<GatewayAddress> gateways = [];
        foreach (string text in file.Gateways)
        {
            if (!GatewayAddress.TryParse(text, out GatewayAddress? gateway)) throw new InvalidDataException($"{ClusterFile.PathIn(folder)} names the gateway '{text}'; expected host:port.");
            gateways.Add(gateway!);
        }
        return gateways.Count > 0 ? (gateways, null) : ([], $"{ClusterFile.PathIn(folder)} names no gateway");
    }

    /// <summary>Waits until an address says where to connect.</summary>
    /// <param name="address">The address.</param>
    /// <param name="wait">How long.</param>
    /// <param name="options">The clock, and who is told.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="ClusterUnavailableException">It does not, in that time.</exception>
    public static async Task<IPEndPoint[]> FindAsync(ClusterAddress address, TimeSpan wait, MaskRcnnClientOptions options, CancellationToken cancellation)
    {
        long start = options.TimeProvider.GetTimestamp();
        bool told = false;
        while (true)
        {
            (IReadOnlyList<GatewayAddress> gateways, string? missing) = Look(address);
            if (missing is null) return await ResolveAsync(address, gateways, cancellation).ConfigureAwait(false);
            if (options.TimeProvider.GetElapsedTime(start) >= wait) throw new ClusterUnavailableException(address.Description, missing);
            if (!told) options.OnWaiting?.Invoke($"Waiting up to {wait.TotalSeconds:0} s for a cluster: {missing}. 'maskrcnn up' starts one.");
            told = true;
            await Task.Delay(BetweenLooks, options.TimeProvider, cancellation).ConfigureAwait(false);
        }
    }

    private static async Task<IPEndPoint[]> ResolveAsync(ClusterAddress address, IReadOnlyList<GatewayAddress> gateways, CancellationToken cancellation)
    {
        List<IPEndPoint> endPoints = [];
        SocketException? unknown = null;
        foreach (GatewayAddress gateway in gateways)
        {
            try
            {
                endPoints.AddRange(await gateway.ResolveAsync(cancellation).ConfigureAwait(false));
            }
            catch (SocketException exception)
            {
                unknown = exception;
            }
        }
        return endPoints.Count > 0 ? [.. endPoints] : throw new ClusterUnavailableException(address.Description, $"no name of {address.Description} is known", unknown);
    }
}
