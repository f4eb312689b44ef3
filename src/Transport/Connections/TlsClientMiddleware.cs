using System.Net.Security;
using System.Security.Authentication;
using MaskRcnn.Transport.Certificates;
using Microsoft.AspNetCore.Connections;
using Orleans.Runtime.Messaging;

namespace MaskRcnn.Transport.Connections;

/// <summary>The side of a connection that calls. It calls silos only.</summary>
internal sealed class TlsClientMiddleware(CertificateSource source) : IConnectionMiddleware
{
    private static readonly TlsRole[] Silos = [TlsRole.Silo];

    public async Task OnConnectionAsync(ConnectionContext context, ConnectionDelegate next) =>
        await TlsConnection.RunAsync(context, await ConnectAsync(context).ConfigureAwait(false), next).ConfigureAwait(false);

    private async Task<TlsPipe> ConnectAsync(ConnectionContext context)
    {
        using var limit = new CancellationTokenSource(HandshakeGate.TimeLimit, source.Time);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.ConnectionClosed);
        var check = new PeerCheck(source, Silos, isServer: true);
        SslStream stream = TlsConnection.Wrap(context.Transport, check);
        try
        {
            await stream.AuthenticateAsClientAsync(Options(check), cancellation.Token).ConfigureAwait(false);
            return new TlsPipe(stream);
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException or InvalidOperationException or OperationCanceledException)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            string reason = check.Problem is { } problem ? $"its certificate {problem}"
                : limit.IsCancellationRequested ? $"it did not finish the TLS handshake within {HandshakeGate.TimeLimit.TotalSeconds:0} s; is TLS on there?"
                : exception is OperationCanceledException ? "it closed the connection during the TLS handshake; is TLS on there?"
                : TlsConnection.Reason(exception);
            throw new TlsHandshakeException($"No connection to the silo at {context.RemoteEndPoint}: {reason}.", exception, isRefusal: check.Problem is not null);
        }
    }

    private static SslClientAuthenticationOptions Options(PeerCheck check) => new()
    {
        // Asked for by its role: pods come and go, and their addresses are in no certificate.
        TargetHost = TlsRole.Silo.Name(),
        ClientCertificateContext = check.Own.Context,
        EnabledSslProtocols = TlsConnection.Protocols,
        CertificateChainPolicy = PeerRules.Policy(check.Own.Authorities, isServer: true, check.Now),
        AllowRenegotiation = false,
        AllowTlsResume = false,
    };
}
