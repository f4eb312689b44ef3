using MaskRcnn.Client.Connection;
using MaskRcnn.Transport;

namespace MaskRcnn.Client.Jobs;

/// <summary>How a command reaches its cluster; tests give it one that is in their process.</summary>
/// <param name="cluster">What <c>--cluster</c> named, or null.</param>
/// <param name="tls">The files of <c>--tls-ca</c> and its kin, or null.</param>
/// <param name="onWaiting">Is told what is waited for.</param>
/// <param name="cancellation">Stops waiting.</param>
internal delegate Task<MaskRcnnClient> ConnectToCluster(string? cluster, TlsFiles? tls, Action<string> onWaiting, CancellationToken cancellation);

/// <summary>The real one.</summary>
internal static class RealCluster
{
    public static Task<MaskRcnnClient> ConnectAsync(string? cluster, TlsFiles? tls, Action<string> onWaiting, CancellationToken cancellation) =>
        MaskRcnnClient.ConnectAsync(ClusterAddress.Resolve(cluster), new MaskRcnnClientOptions { OnWaiting = onWaiting, Tls = tls }, cancellation);
}
