using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using MaskRcnn.Transport.Certificates;
using Microsoft.AspNetCore.Connections;

namespace MaskRcnn.Transport.Connections;

/// <summary>What both sides do.</summary>
internal static class TlsConnection
{
    public const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>TLS over a connection; the connection stays open when it is disposed of.</summary>
    public static SslStream Wrap(IDuplexPipe transport, PeerCheck check) => new(new PipeStream(transport), leaveInnerStreamOpen: true, check.Accepts);

    /// <summary>Goes on behind TLS, and gives the socket back at the end: who has made the connection closes it.</summary>
    public static async Task RunAsync(ConnectionContext context, TlsPipe pipe, ConnectionDelegate next)
    {
        IDuplexPipe transport = context.Transport;
        await using (pipe.ConfigureAwait(false))
        {
            context.Transport = pipe;
            try
            {
                await next(context).ConfigureAwait(false);
            }
            finally
            {
                context.Transport = transport;
            }
        }
    }

    /// <summary>The innermost cause says most, such as which alert the peer has sent.</summary>
    public static string Reason(Exception exception)
    {
        Exception cause = exception.GetBaseException();
        return $"the TLS handshake failed ({CertificateFacts.Shown(cause.Message.TrimEnd('.')).Trim('\'')})";
    }
}
