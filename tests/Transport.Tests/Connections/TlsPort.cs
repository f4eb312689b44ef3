using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MaskRcnn.Transport.Certificates;
using MaskRcnn.Transport.Connections;
using Microsoft.AspNetCore.Connections;

namespace MaskRcnn.Transport.Tests.Connections;

/// <summary>A port of loopback behind the middleware, which says back what it hears.</summary>
internal sealed class TlsPort : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TlsServerMiddleware _middleware;
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;

    public TlsPort(CertificateSource source, HandshakeGate gate, Messages log, params TlsRole[] peers)
    {
        _middleware = new TlsServerMiddleware(source, peers, gate, new Refusals("silo", log, source.Time));
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>A connection with nothing around it.</summary>
    public async Task<NetworkStream> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Address);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>A connection of a client that trusts everybody, with a certificate or none.</summary>
    public async Task<SslStream> ConnectAsync(X509Certificate2? certificate, SslProtocols protocols = SslProtocols.None)
    {
        var stream = new SslStream(await ConnectAsync(), leaveInnerStreamOpen: false, (_, silo, _, _) => silo is not null);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "silo",
            ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
            EnabledSslProtocols = protocols,
        });
        return stream;
    }

    /// <summary>Whether what is said comes back.</summary>
    public static async Task<bool> EchoesAsync(Stream stream)
    {
        byte[] said = "hello"u8.ToArray(), heard = new byte[said.Length];
        try
        {
            await stream.WriteAsync(said);
            await stream.ReadExactlyAsync(heard);
        }
        catch (IOException)
        {
            return false;
        }
        return heard.AsSpan().SequenceEqual(said);
    }

    /// <summary>Says back what a connection says.</summary>
    public static async Task EchoAsync(ConnectionContext context)
    {
        while (true)
        {
            ReadResult read = await context.Transport.Input.ReadAsync();
            foreach (ReadOnlyMemory<byte> part in read.Buffer) await context.Transport.Output.WriteAsync(part);
            context.Transport.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
    }

    /// <summary>A socket as Orleans gives it to a middleware.</summary>
    public static DefaultConnectionContext Context(NetworkStream stream) => new()
    {
        Transport = new Duplex(PipeReader.Create(stream), PipeWriter.Create(stream)),
        RemoteEndPoint = stream.Socket.RemoteEndPoint,
    };

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _connections.Add(RunAsync(await _listener.AcceptSocketAsync()));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // It was stopped.
        }
    }

    private async Task RunAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            await _middleware.OnConnectionAsync(Context(stream), EchoAsync);
        }
        catch (IOException)
        {
            // The client has gone.
        }
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
