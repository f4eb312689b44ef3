using System.Net.Security;
using System.Security.Authentication;
using MaskRcnn.Transport.Certificates;
using Microsoft.AspNetCore.Connections;
using Orleans.Runtime.Messaging;

namespace MaskRcnn.Transport.Connections;

/// <summary>The side of a connection that is called: it shows its certificate and wants one of ours.</summary>
internal sealed class TlsServerMiddleware(CertificateSource source, IReadOnlyList<TlsRole> peers, HandshakeGate gate, Refusals refusals) : IConnectionMiddleware
{
    public async Task OnConnectionAsync(ConnectionContext context, ConnectionDelegate next)
    {
        if (await AcceptAsync(context).ConfigureAwait(false) is not { } pipe) return;
        await TlsConnection.RunAsync(context, pipe, next).ConfigureAwait(false);
    }

    /// <summary>The connection behind TLS; null: it was refused, and the caller closes it.</summary>
    private async Task<TlsPipe?> AcceptAsync(ConnectionContext context)
    {
        if (!gate.TryEnter())
        {
            refusals.Add(context.RemoteEndPoint, $"{gate.Waiting} others have not finished their handshake");
            return null;
        }
        using var limit = new CancellationTokenSource(HandshakeGate.TimeLimit, source.Time);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.ConnectionClosed);
        var check = new PeerCheck(source, peers, isServer: false);
        SslStream stream = TlsConnection.Wrap(context.Transport, check);
        string reason;
        try
        {
            await ClientHello.WaitAsync(context.Transport.Input, cancellation.Token).ConfigureAwait(false);
            await gate.InTurnAsync(() => stream.AuthenticateAsServerAsync(Options(check), cancellation.Token), cancellation.Token).ConfigureAwait(false);
            return new TlsPipe(stream);
        }
        catch (TlsHandshakeException exception)
        {
            reason = exception.Message;
        }
        catch (OperationCanceledException)
        {
            reason = limit.IsCancellationRequested ? $"it did not finish its handshake within {HandshakeGate.TimeLimit.TotalSeconds:0} s" : "it was closed during its handshake";
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException or InvalidOperationException)
        {
            reason = check.Problem is { } problem ? $"its certificate {problem}" : TlsConnection.Reason(exception);
        }
        finally
        {
            gate.Leave();
        }
        await stream.DisposeAsync().ConfigureAwait(false);
        refusals.Add(context.RemoteEndPoint, reason);
        return null;
    }

    private static SslServerAuthenticationOptions Options(PeerCheck check) => new()
    {
        ServerCertificateContext = check.Own.Context,
        ClientCertificateRequired = true,
        EnabledSslProtocols = TlsConnection.Protocols,
        CertificateChainPolicy = PeerRules.Policy(check.Own.Authorities, isServer: false, check.Now),
        AllowRenegotiation = false,
        // Each connection is judged by what is true when it is made.
        AllowTlsResume = false,
    };
}
