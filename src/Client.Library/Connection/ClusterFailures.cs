using System.Net.Sockets;
using MaskRcnn.Transport;
using Orleans.Runtime.Messaging;

namespace MaskRcnn.Client.Connection;

/// <summary>Which failures of a call say that the cluster is away or moving, and not that the call is wrong.</summary>
internal static class ClusterFailures
{
    /// <summary>What is known of the cause of a connection that was not made, to follow what was tried.</summary>
    /// <param name="exception">The failure.</param>
    /// <param name="hasCertificates">Whether the client has shown a certificate.</param>
    public static string Why(Exception exception, bool hasCertificates)
    {
        if (TlsHandshakeException.In(exception) is { } tls) return $" ({tls.Message.TrimEnd('.')})";
        if (exception.GetBaseException() is SocketException { SocketErrorCode: SocketError.ConnectionRefused }) return "";
        // A silo that refuses a certificate says so in its own log alone.
        return hasCertificates ? " (if the silo does not accept the certificate, its log says why)" : " (if the cluster wants certificates, give them: --tls-ca, --tls-certificate, --tls-key)";
    }

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
