using System.Net.Sockets;
using MaskRcnn.Transport;
using Orleans.Runtime.Messaging;

namespace MaskRcnn.Client.Connection;

/// <summary>Which failures of a call say that the cluster is away or moving, and not that the call is wrong.</summary>
internal static class ClusterFailures
{
    /// <summary>What is known of the cause, as what follows a sentence's end.</summary>
    public static string Why(Exception exception) => TlsHandshakeException.In(exception) is { } tls ? $" ({tls.Message.TrimEnd('.')})" : "";

    /// <summary>Whether the same call may succeed later.</summary>
    public static bool AreTransient(Exception exception) => exception switch
    {
        OrleansConfigurationException or GrainExtensionNotInstalledException => false,
        OrleansException or TimeoutException or ConnectionFailedException or TlsHandshakeException or SocketException or ObjectDisposedException => true,
        // While only workers are up, nobody has told the client of the coordinator's grains.
        ArgumentException argument => argument.Message.Contains("implementation for interface", StringComparison.Ordinal),
        // The silo stopped while it worked on the call. The caller's own cancellation is not asked for here.
        OperationCanceledException => true,
        IOException io => io.InnerException is SocketException,
        _ => false,
    };
}
